//! The graphs in the README beside the machine are what the machine does: every edge that random worlds walk is drawn,
//! and every drawn edge is walked.
#![allow(clippy::unwrap_used, missing_docs)]

mod world;

use std::{collections::BTreeSet, fs, path::Path};
use world::{Shape, World};

type Edges = BTreeSet<(String, String)>;

fn walked() -> (Edges, Edges) {
    let (mut steps, mut states) = (Edges::new(), Edges::new());
    // A fixed walk: the same edges at every run.
    let mut seed: u64 = 1;
    let mut word = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u16::try_from(seed >> 48).unwrap()
    };
    for round in 0..16000 {
        let mut world = World::new(Shape::of(word()));
        world.calm = round % 2 == 0 && world.shape.processes == 1;
        for _ in 0..200 {
            world.act(word());
        }
        steps.append(&mut world.edges);
        if world.calm {
            states.append(&mut world.states);
        }
    }
    (steps, states)
}

/// The edges of the mermaid graph under this heading.
fn drawn(heading: &str) -> Edges {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/session/README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, section) = readme.split_once(heading).unwrap();
    let (_, graph) = section.split_once("```mermaid").unwrap();
    let (graph, _) = graph.split_once("```").unwrap();
    let edges = graph.lines().filter_map(|line| line.split_once("-->"));
    edges.map(|(from, to)| (from.trim().into(), to.split(':').next().unwrap().trim().into())).collect()
}

#[test]
fn drawn_and_walked_are_equal() {
    let (steps, states) = walked();
    for (heading, walked) in [("## A flight's steps", steps), ("## A session's states", states)] {
        let drawn = drawn(heading);
        let missing: Vec<_> = walked.difference(&drawn).collect();
        let wrong: Vec<_> = drawn.difference(&walked).collect();
        assert!(
            missing.is_empty() && wrong.is_empty(),
            "{heading}: not drawn {missing:?}, not walked {wrong:?}"
        );
    }
}
