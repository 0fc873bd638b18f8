//! Why a step failed, in the driver's words: the core knows only that it did.

use cxauth_core::{Acquire, Error, ErrorCode, Event, Failure, Step};

/// What the last step that failed said, with the code of the error that comes of it.
#[derive(Debug, Default)]
pub(crate) struct Trouble(Option<(ErrorCode, String)>);

impl Trouble {
    pub(crate) fn note(&mut self, step: &Step, failure: Failure, why: String) {
        let code = match (step, failure) {
            (Step::ReadSecret { .. } | Step::Sign { .. }, _) => ErrorCode::SecretUnreadable,
            (Step::Lock | Step::Load | Step::Save { .. } | Step::Unlock, _) => ErrorCode::StoreUnavailable,
            (Step::Send { .. } | Step::Provide, Failure::Connect) => ErrorCode::ServerUnreachable,
            (Step::Send { .. } | Step::Provide, Failure::Timeout) => ErrorCode::TimedOut,
            (Step::Send { .. } | Step::Provide, Failure::Interrupted) => ErrorCode::Interrupted,
            (Step::Authorize { .. } | Step::Prompt { .. } | Step::Pause { .. } | Step::Done { .. }, _) => {
                return;
            }
        };
        self.0 = Some((code, why));
    }

    /// The outcome with the reason in words. A new flight has no troubles yet.
    pub(crate) fn explain_acquired(&mut self, acquired: Acquire) -> Acquire {
        match acquired {
            Acquire::Lead { .. } => self.0 = None,
            Acquire::Wait { until, why } => return Acquire::Wait { until, why: self.explain(why) },
            Acquire::Denied { why } => return Acquire::Denied { why: self.explain(why) },
            _ => {}
        }
        acquired
    }

    pub(crate) fn explain_step(&self, step: Step) -> Step {
        match step {
            Step::Done { why } => Step::Done { why: why.map(|why| self.explain(why)) },
            step => step,
        }
    }

    pub(crate) fn explain_event(&self, mut event: Event) -> Event {
        event.error = event.error.map(|error| self.explain(error));
        event
    }

    fn explain(&self, error: Error) -> Error {
        match &self.0 {
            Some((code, why)) if *code == error.code() => error.with_detail(why),
            _ => error,
        }
    }
}
