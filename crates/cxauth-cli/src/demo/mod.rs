//! `cxauth demo`: every way in at work against the simulator, each claim checked on both sides.

mod grants;
mod report;
mod stage;
mod steps;
mod ways;

use crate::{
    arguments,
    failure::{Failure, Status},
};
use report::Report;
use stage::Stage;
use std::{
    io,
    time::{Duration, Instant},
};

/// What one check found: in a table's cell and in a sentence.
struct Finding {
    short: String,
    detail: String,
}

/// What was found, or what was not as it should be.
type Found = Result<Finding, String>;

/// A step that takes longer hangs. In real time, where each takes a few milliseconds.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// Runs all and prints it. The status says whether everything is as it should be.
pub(crate) fn run(arguments: &arguments::Demo) -> Result<Status, Failure> {
    let cannot_start = |error: io::Error| {
        Failure::new(
            Status::NotAsItShouldBe,
            format!("cannot start the simulator: {error}; free ports on 127.0.0.1"),
        )
    };
    let runtime = tokio::runtime::Runtime::new().map_err(cannot_start)?;
    runtime.block_on(async {
        let started = Instant::now();
        let stage = Stage::start().await.map_err(cannot_start)?;
        let mut report = Report::begin(arguments.output.json)?;
        for way in &ways::WAYS {
            steps::prepare(&stage, way);
            let actor = steps::Actor::enter(&stage, way);
            let mut findings = Vec::new();
            for step in steps::Step::ALL {
                let taken = async {
                    let actor = actor.as_ref().map_err(Clone::clone)?;
                    step.take(actor).await
                };
                let found = tokio::time::timeout(TIME_LIMIT, taken).await;
                findings.push((step, found.unwrap_or_else(|_| Err("nothing happened for 15 s".to_owned()))));
                stage.count();
            }
            report.way(way, &findings)?;
        }
        if arguments.all {
            report.table(grants::COLUMNS)?;
            for shown in &grants::SHOWN {
                let findings = grants::show(&stage, shown).await;
                let cells: Vec<_> = findings.iter().map(|(step, found)| (*step, found)).collect();
                report.row(shown.name, cxauth_sim::Platform::Generic.id(), grants::COLUMNS, &cells)?;
            }
        }
        report.end(&stage, started.elapsed())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{
        stage::Stage,
        steps::{self, Step},
        ways::{Call, WAYS, Way},
    };
    use cxauth_sim::{Effect, Endpoint, Fault};

    /// The demonstration fails when the world is not as it says.
    async fn fails(step: Step, stage: &Stage, way: &Way) -> String {
        let actor = steps::Actor::enter(stage, way).unwrap();
        step.take(&actor).await.err().unwrap()
    }

    #[tokio::test]
    async fn a_sign_in_that_takes_two_requests_is_noticed() {
        let stage = Stage::start().await.unwrap();
        stage.client("cisco-cx-cloud").unwrap().token().await.unwrap();
        let why = fails(Step::SignIn, &stage, &WAYS[3]).await;
        assert!(why.contains("2 where 1 was expected"), "{why}");
    }

    #[tokio::test]
    async fn an_answer_with_other_contents_is_noticed() {
        let stage = Stage::start().await.unwrap();
        let [way, ..] = WAYS;
        let way = Way { call: Call { count: 26, ..way.call }, ..way };
        let why = fails(Step::ApiCall, &stage, &way).await;
        assert!(why.contains("25 where 26 was expected"), "{why}");
    }

    #[tokio::test]
    async fn a_renewal_that_fails_is_noticed() {
        let stage = Stage::start().await.unwrap();
        let actor = steps::Actor::enter(&stage, &WAYS[3]).unwrap();
        Step::SignIn.take(&actor).await.ok().unwrap();
        stage.count();
        stage.simulator.arm(Fault::new(Effect::Drop).at(Endpoint::Token));
        let why = Step::Renewal.take(&actor).await.err().unwrap();
        assert!(why.contains("token requests at the time: 0 where 1"), "{why}");
    }

    #[tokio::test]
    async fn a_renewal_by_the_wrong_grant_is_noticed() {
        let stage = Stage::start().await.unwrap();
        let [way, ..] = WAYS;
        // Without `prepare` there is no refresh token.
        let why = fails(Step::Renewal, &stage, &way).await;
        assert!(why.contains("where"), "{why}");
    }
}
