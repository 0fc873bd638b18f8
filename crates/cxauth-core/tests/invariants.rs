//! The invariants of a token's life as properties over random sequences of steps, faults and answers, in virtual time.
//! Each check in the world names the invariant that it is about (I01, I03, I05, I06, I07, I10, I11, I12, I13, I25).
#![allow(clippy::unwrap_used, missing_docs)]

mod world;

use proptest::prelude::*;
use world::{Shape, World};

fn run(shape: u16, script: &[u16]) -> World {
    let mut world = World::new(Shape::of(shape));
    for word in script {
        world.act(*word);
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn invariants_hold_after_every_move(shape: u16, script in prop::collection::vec(any::<u16>(), 1..250)) {
        let mut world = run(shape, &script);
        world.settle();
    }

    #[test]
    fn i32_the_same_seed_gives_the_same_trace(shape: u16, script in prop::collection::vec(any::<u16>(), 1..80)) {
        prop_assert_eq!(run(shape, &script).trace, run(shape, &script).trace);
    }
}
