//! A lock that ends by itself when its holder is gone, and lives on while its holder does.

use super::{Place, Redis, script, server::Trouble};
use redis::Cmd;
use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

pub(super) struct Lease {
    redis: Redis,
    place: Arc<Place>,
    token: String,
    beat: Arc<Beat>,
}

#[derive(Default)]
struct Beat {
    over: Mutex<bool>,
    ends: Condvar,
}

impl Lease {
    /// One attempt; none when somebody else has it.
    pub(super) fn take(redis: &Redis, place: &Arc<Place>, token: &str) -> Result<Option<Self>, Trouble> {
        let taken: bool = redis.server().call(command(script::TAKE, place, token).arg(redis.lease()))?;
        if !taken {
            return Ok(None);
        }
        let lease = Self {
            redis: redis.clone(),
            place: Arc::clone(place),
            token: token.to_owned(),
            beat: Arc::new(Beat::default()),
        };
        lease.keep_alive();
        Ok(Some(lease))
    }

    pub(super) fn command(&self, script: &str) -> Cmd {
        command(script, &self.place, &self.token)
    }

    /// A thread, because the holder waits for a token endpoint meanwhile. A paused process does not beat, and loses it.
    fn keep_alive(&self) {
        let (redis, beat) = (self.redis.clone(), Arc::clone(&self.beat));
        let extend = self.command(script::EXTEND).arg(self.redis.lease()).clone();
        let pause = Duration::from_millis(self.redis.lease()) / 3;
        let run = move || {
            while beat.waits(pause) {
                if let Ok(false) = redis.server().call(&extend) {
                    return;
                }
            }
        };
        // Without a thread the lease is as long as it is.
        let _ = thread::Builder::new().name("cxauth-lease".to_owned()).spawn(run);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.beat.end();
        // Unreachable, it ends by itself.
        let _: Result<bool, _> = self.redis.server().call(&self.command(script::RELEASE));
    }
}

impl Beat {
    /// False when it was ended meanwhile.
    fn waits(&self, pause: Duration) -> bool {
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        let (over, _) =
            self.ends.wait_timeout_while(over, pause, |over| !*over).unwrap_or_else(PoisonError::into_inner);
        !*over
    }

    fn end(&self) {
        *self.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.ends.notify_all();
    }
}

fn command(script: &str, place: &Place, token: &str) -> Cmd {
    let mut command = redis::cmd("EVAL");
    command.arg(script).arg(2).arg(place.lease_key()).arg(place.set_key()).arg(token);
    command
}
