//! A small world for property tests: sessions, drivers, a store and a server, in virtual time, moved by a script of
//! random words. After every move the invariants are checked; each check names the one that it is about.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub, dead_code)]

use cxauth_core::{
    AccessToken, Acquire, Answer, Connection, Failure, FlightId, Refusal, Secret, Session, Settings,
    Snapshot, Step, StepResult, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

pub const ENDPOINT: &str = "https://as.example/token";
pub const SECRETS: [&str; 3] = ["cxauth-canary-secret-0", "cxauth-canary-secret-1", "cxauth-canary-secret-2"];
/// The refresh token to start from.
const CONFIGURED: &str = "cxauth-canary-R0";
const START: i64 = 1_700_000_000_000;

/// What kind of connection the world is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// No other grant than the refresh token.
    pub lone: bool,
    pub store: bool,
    pub readable_secret: bool,
    pub external: bool,
    pub only_after_expiry: bool,
    /// Seconds.
    pub grace: i64,
    pub processes: usize,
}

impl Shape {
    pub fn of(word: u16) -> Self {
        Self {
            lone: word & 1 != 0,
            store: word & 2 != 0,
            readable_secret: word & 4 != 0,
            external: word & 0x18 == 0x18,
            only_after_expiry: word & 0x60 == 0x60,
            grace: if word & 0x80 != 0 { 30 } else { 0 },
            processes: if word & 2 != 0 { 1 + usize::from(word >> 8) % 3 } else { 1 },
        }
    }

    fn connection(self) -> Connection {
        let mut settings =
            Settings::new("generic").token_endpoint(ENDPOINT).client_id("id").grace(self.grace);
        settings = if self.readable_secret {
            settings.client_secret(cxauth_core::SecretSource::File("secret".into()))
        } else {
            settings.client_secret(SECRETS[0])
        };
        if self.lone {
            settings = settings.grant(cxauth_core::Grant::RefreshToken).refresh_token("cxauth-canary-R0");
        } else if self.external {
            settings = settings.grant(cxauth_core::Grant::External);
        }
        if self.only_after_expiry {
            settings = settings.renewal(cxauth_core::Renewal::OnlyAfterExpiry);
        }
        Connection::new(settings.api_base("https://api.example/")).unwrap()
    }
}

/// The server: it rotates refresh tokens and revokes the family when an old one is used again.
struct Server {
    issued: u64,
    /// The refresh token that works now.
    refresh: Option<String>,
    /// Refresh tokens that were used, and when.
    used: BTreeMap<String, Timestamp>,
    /// Access tokens and their true ends; none is unknown.
    access: BTreeMap<String, Option<Timestamp>>,
    /// Refresh tokens that it refused.
    refused: BTreeSet<String>,
    secret: usize,
    grace: i64,
    reuses: u64,
}

impl Server {
    fn grant(&mut self, now: Timestamp, lifetime: Option<i64>, same: Option<String>) -> String {
        self.issued += 1;
        let access = same.unwrap_or_else(|| format!("cxauth-canary-A{}", self.issued));
        let refresh = format!("cxauth-canary-R{}", self.issued);
        self.access.insert(access.clone(), lifetime.map(|seconds| now.plus_seconds(seconds)));
        self.refresh = Some(refresh.clone());
        let lifetime = lifetime.map_or("null".into(), |seconds| seconds.to_string());
        format!(
            r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":{lifetime},"refresh_token":"{refresh}"}}"#
        )
    }

    /// Processes a request as a strict server does: status and body.
    fn process(
        &mut self,
        now: Timestamp,
        form: &BTreeMap<String, String>,
        lifetime: Option<i64>,
    ) -> (u16, String) {
        if form["client_secret"] != SECRETS[self.secret] {
            return (401, r#"{"error":"invalid_client"}"#.into());
        }
        let Some(token) = form.get("refresh_token") else { return (200, self.grant(now, lifetime, None)) };
        if self.refresh.as_ref() == Some(token) {
            self.used.insert(token.clone(), now);
            return (200, self.grant(now, lifetime, None));
        }
        let in_grace = self.used.get(token).is_some_and(|used| now.millis_since(*used) < self.grace * 1000);
        if in_grace {
            return (200, self.grant(now, lifetime, None));
        }
        self.reuses += 1;
        self.refresh = None;
        self.refused.insert(token.clone());
        (400, r#"{"error":"invalid_grant"}"#.into())
    }
}

/// One request for a token as the world saw it.
#[derive(Clone, Debug)]
struct Sent {
    by: (usize, FlightId),
    at: Timestamp,
    refresh: Option<String>,
    /// The client knows, or will know, that the request changed nothing at the server.
    harmless: bool,
    changed_nothing: bool,
}

/// A process: a session and the flights that its callers lead.
pub struct Process {
    pub session: Session,
    leading: Vec<FlightId>,
    /// Flights that sent something and wait for the answer, with what the server made of it.
    waiting: Vec<(FlightId, u16, String)>,
    holds_lock: Option<FlightId>,
    last: Option<AccessToken>,
}

pub struct World {
    pub shape: Shape,
    pub now: Timestamp,
    /// The true time: what the clock shows may be set back and forth.
    server: Server,
    pub processes: Vec<Process>,
    store: Option<String>,
    stored_generation: u64,
    sent: Vec<Sent>,
    /// Attempts that ended without a set: no request follows within a second, unless something changed.
    quiet_until: BTreeMap<usize, Timestamp>,
    /// (step, next step) of every flight.
    pub edges: BTreeSet<(String, String)>,
    steps: BTreeMap<(usize, FlightId), String>,
    in_hand: BTreeMap<(usize, FlightId), String>,
    /// Callers, drivers and time alone: no answer is late, no clock is set, nobody signs out, no process dies.
    pub calm: bool,
    /// (state, next state) of every session.
    pub states: BTreeSet<(String, String)>,
    pub trace: Vec<String>,
    saves_failed: bool,
    starts: u8,
    /// A snapshot cannot tell how much time passed before a clock was set back.
    clock_was_set: bool,
    /// Steps back of the clock that are too small to be told from noise between threads, in all.
    noise: i64,
    lock_was_lost: bool,
    /// Somebody signed out, gave up or died in the middle of something.
    left: bool,
}

pub fn step_name(step: &Step) -> &'static str {
    match step {
        Step::Lock => "Lock",
        Step::Load => "Load",
        Step::ReadSecret { .. } => "ReadSecret",
        Step::Send { .. } => "Send",
        Step::Provide => "Provide",
        Step::Save { .. } => "Save",
        Step::Unlock => "Unlock",
        _ => "Done",
    }
}

impl World {
    pub fn new(shape: Shape) -> Self {
        let now = Timestamp::from_unix_millis(START);
        let server = Server {
            issued: 0,
            refresh: Some("cxauth-canary-R0".into()),
            used: BTreeMap::new(),
            access: BTreeMap::new(),
            refused: BTreeSet::new(),
            secret: 0,
            grace: shape.grace,
            reuses: 0,
        };
        let mut world = Self {
            shape,
            now,
            server,
            processes: Vec::new(),
            store: None,
            stored_generation: 0,
            sent: Vec::new(),
            quiet_until: BTreeMap::new(),
            edges: BTreeSet::new(),
            steps: BTreeMap::new(),
            in_hand: BTreeMap::new(),
            calm: false,
            states: BTreeSet::new(),
            trace: Vec::new(),
            saves_failed: false,
            starts: 0,
            clock_was_set: false,
            noise: 0,
            lock_was_lost: false,
            left: false,
        };
        for index in 0..shape.processes {
            let process = world.start(index);
            world.processes.push(process);
        }
        world
    }

    fn start(&mut self, index: usize) -> Process {
        let connection = self.shape.connection();
        // Of its own for each start: the name of a note must not come again.
        self.starts = self.starts.wrapping_add(1);
        let entropy = [u8::try_from(index).unwrap(), self.starts].repeat(8);
        let session = match &self.store {
            Some(text) => {
                Session::restore(connection, self.now, &entropy, Snapshot::from_text(text).unwrap())
            }
            None => Session::open(connection, self.now, &entropy),
        };
        let session = if self.shape.store { session.with_store() } else { session };
        Process { session, leading: Vec::new(), waiting: Vec::new(), holds_lock: None, last: None }
    }

    /// One move of the script.
    pub fn act(&mut self, word: u16) {
        let index = usize::from(word >> 12) % self.processes.len();
        let argument = (word >> 5) & 0x7f;
        let before: Vec<_> =
            self.processes.iter().map(|process| process.session.state(self.now).as_str()).collect();
        self.trace.push(format!(
            "{word}: {} process {index} at {}",
            word & 0x1f,
            self.now.unix_millis() - START
        ));
        match word & 0x1f {
            21 | 25..=29 if self.calm => self.step(index, argument),
            19 | 20 if self.calm && !self.processes[index].leading.is_empty() => self.step(index, argument),
            0..=7 => self.acquire(index),
            8..=15 => self.step(index, argument),
            16..=18 => self.answer(index, argument),
            19 | 20 => self.pass(argument),
            21 => self.abandon(index),
            22 => self.refuse(index, argument),
            23 => self.background(index),
            24 if argument < 20 => self.rotate_secret(),
            25 if argument < 20 => self.sign_out(index),
            26 if argument < 20 => self.kill(index),
            27 if argument < 40 => self.set_clock(argument),
            28 => self.peek(index),
            29 if argument < 30 => self.set_secret(index),
            _ => self.step(index, argument),
        }
        for (process, before) in self.processes.iter().zip(before) {
            let after = process.session.state(self.now).as_str();
            if before != after {
                self.states.insert((before.into(), after.into()));
            }
        }
        self.check();
    }

    fn acquire(&mut self, index: usize) {
        let now = self.now;
        let process = &mut self.processes[index];
        let acquired = process.session.acquire(now);
        self.trace.push(format!("{index} {acquired:?}"));
        let token = match acquired {
            Acquire::Ready { token } => Some(token),
            Acquire::Lead { flight, token, .. } => {
                process.leading.push(flight);
                token
            }
            Acquire::Follow { token, .. } => token,
            Acquire::Wait { until, ref why } => {
                assert!(until > now, "I13: a wait that is over");
                assert_eq!(why.retry_at(), Some(until));
                None
            }
            Acquire::Denied { .. } => None,
        };
        if let Some(token) = token {
            self.handed_out(index, token);
        }
    }

    fn handed_out(&mut self, index: usize, token: AccessToken) {
        if let Some(until) = token.usable_until() {
            assert!(self.now < until, "I10: a token past its margin was handed out");
        }
        let known = self.server.access.get(token.secret().expose());
        assert!(known.is_some() || self.shape.external, "I12: a token that nobody issued");
        if let Some(Some(end)) = known.filter(|_| !(self.shape.store && self.clock_was_set)) {
            let expires_at = token.expires_at().expect("the server told the lifetime");
            // A step back of less than a second is not told from noise.
            assert!(
                expires_at <= end.plus_millis(self.noise),
                "I11: {expires_at:?} is later than the true end {end:?}"
            );
        }
        assert!(token.expires_at().is_none_or(|end| end <= Timestamp::MAX), "I11: beyond the year 9999");
        if self.shape.store && !self.saves_failed {
            assert!(
                token.generation() <= self.stored_generation,
                "I06: a set was handed out before it was durable"
            );
        }
        self.processes[index].last = Some(token);
    }

    fn peek(&mut self, index: usize) {
        let token = self.processes[index].session.bearer(self.now).cloned();
        if let Some(token) = token {
            self.handed_out(index, token);
        }
    }

    fn background(&mut self, index: usize) {
        match self.processes[index].session.wake(self.now) {
            Some(Acquire::Lead { flight, .. }) => self.processes[index].leading.push(flight),
            Some(Acquire::Follow { .. }) | None => {}
            Some(other) => panic!("the background has no use for {other:?}"),
        }
    }

    /// One step of a flight; a request goes to the server, which may or may not process it.
    fn step(&mut self, index: usize, argument: u16) {
        let Some(flight) = self.processes[index].leading.last().copied() else { return };
        if self.processes[index].waiting.iter().any(|(waiting, ..)| *waiting == flight) {
            return self.answer(index, argument);
        }
        let blocked = self.processes.iter().any(|process| process.holds_lock.is_some());
        let now = self.now;
        let process = &mut self.processes[index];
        let step = process.session.next(now, flight);
        self.trace.push(format!("{index} {flight:?} {}", step_name(&step)));
        let name = step_name(&step).to_string();
        let before = self.steps.remove(&(index, flight));
        self.edges.extend(before.map(|before| (before, name.clone())));
        self.in_hand.insert((index, flight), name);
        let fails = argument % 16 == 15;
        let failed = StepResult::Failed(Failure::Timeout);
        let result = match step {
            Step::Lock if blocked && !fails => return,
            Step::Lock if fails => failed,
            Step::Lock => {
                process.holds_lock = Some(flight);
                StepResult::Done
            }
            Step::Load if fails => failed,
            Step::Load => {
                StepResult::Loaded(self.store.as_ref().map(|text| Snapshot::from_text(text).unwrap()))
            }
            Step::ReadSecret { .. } if fails => failed,
            Step::ReadSecret { .. } => StepResult::Secret(Secret::new(SECRETS[self.server.secret])),
            Step::Send { request } => {
                assert_eq!(request.url(), ENDPOINT, "I01: secrets travel to the token endpoint only");
                assert!(!request.url().contains("canary"), "R03: no secret in an address");
                let form = url::form_urlencoded::parse(request.body()).into_owned().collect();
                self.send(index, flight, &form, argument);
                return;
            }
            Step::Provide => {
                let body = self.server.grant(now, lifetime(argument), None);
                self.processes[index].waiting.push((flight, 200, body));
                return;
            }
            Step::Sign { .. } | Step::Authorize { .. } | Step::Prompt { .. } | Step::Pause { .. } => {
                unreachable!("nobody signs anything in this world, and nobody signs in")
            }
            Step::Save { .. } if fails => {
                self.saves_failed = true;
                failed
            }
            // What a failed flight learnt of the set that is stored.
            Step::Save { snapshot } if snapshot.generation() == process.session.snapshot().generation() => {
                if snapshot.generation() < self.stored_generation {
                    assert!(self.lock_was_lost, "I07: the store went back");
                    failed
                } else {
                    self.stored_generation = snapshot.generation();
                    self.store = Some(snapshot.to_text().expose().into());
                    StepResult::Done
                }
            }
            Step::Save { snapshot }
                if self.lock_was_lost && snapshot.generation() <= self.stored_generation =>
            {
                // I22: a late holder of a lost lock is refused by its generation.
                self.saves_failed = true;
                failed
            }
            Step::Save { snapshot } => {
                assert!(snapshot.generation() > self.stored_generation, "I07: the store went back");
                self.stored_generation = snapshot.generation();
                self.store = Some(snapshot.to_text().expose().into());
                StepResult::Done
            }
            Step::Unlock => {
                process.holds_lock = None;
                StepResult::Done
            }
            Step::Done { .. } => {
                process.leading.pop();
                return;
            }
        };
        self.finish_step(index, flight, result);
    }

    fn send(&mut self, index: usize, flight: FlightId, form: &BTreeMap<String, String>, argument: u16) {
        let now = self.now;
        if let Some(quiet) = self.quiet_until.get(&index) {
            assert!(now >= *quiet, "I13: a request follows a failure at once");
        }
        let refresh = form.get("refresh_token").cloned();
        if let Some(token) = &refresh {
            self.check_reuse(token);
        }
        let (status, body, harmless) = match argument % 8 {
            // Down: nothing was processed.
            0 => (503, String::new(), true),
            1 => (200, "<html>".into(), false),
            // The answer is lost on its way: what `answer` does with this status.
            2 => {
                self.server.process(now, form, lifetime(argument));
                (0, "lost".into(), false)
            }
            3 => (0, "never sent".into(), true),
            _ => {
                let (status, body) = self.server.process(now, form, lifetime(argument));
                (status, body, status != 200)
            }
        };
        self.sent.push(Sent { by: (index, flight), at: now, refresh, harmless, changed_nothing: harmless });
        self.processes[index].waiting.push((flight, status, body));
    }

    /// I05: a refresh token is sent again only when the attempts before were harmless, inside the grace, or once more,
    /// after a flight's deadline, when nothing else can renew.
    fn check_reuse(&self, token: &str) {
        let harmful: Vec<_> = self
            .sent
            .iter()
            .filter(|sent| sent.refresh.as_deref() == Some(token) && !sent.harmless)
            .collect();
        let Some(first) = harmful.first() else { return };
        let after = self.now.millis_since(first.at);
        // A mark in the store tells what a dead process was about to send; not one who thinks that it still has the lock.
        let untold = self.shape.store && (self.lock_was_lost || self.clock_was_set);
        // What a process is configured with it may try when it starts again: it cannot end more than has ended.
        let untold = untold || (token == CONFIGURED && self.server.refused.contains(token));
        if untold || after < self.shape.grace * 1000 {
            return;
        }
        assert!(self.shape.lone, "I05: a spent refresh token was sent although another grant was there");
        let outside =
            harmful.iter().filter(|sent| sent.at.millis_since(first.at) >= self.shape.grace * 1000).count();
        let at_most = if self.shape.grace > 0 { 1 } else { 2 };
        assert!(outside < at_most, "I05: a spent refresh token was sent more than once more");
    }

    /// The answer of the oldest flight that waits for one, or its failure.
    fn answer(&mut self, index: usize, argument: u16) {
        let process = &mut self.processes[index];
        if process.waiting.is_empty() {
            return;
        }
        let (flight, status, body) = process.waiting.remove(usize::from(argument) % process.waiting.len());
        let result = match (status, body.as_str()) {
            (0, "never sent") => StepResult::Failed(Failure::Connect),
            (0, _) => StepResult::Failed(if argument.is_multiple_of(2) {
                Failure::Timeout
            } else {
                Failure::Interrupted
            }),
            _ => StepResult::Answer(Answer::new(
                status,
                [("content-type", "application/json")],
                body.as_bytes(),
            )),
        };
        if !process.leading.contains(&flight) {
            process.leading.insert(0, flight);
        }
        for sent in self.sent.iter_mut().filter(|sent| sent.by == (index, flight)) {
            sent.harmless = sent.changed_nothing;
        }
        self.finish_step(index, flight, result);
    }

    fn finish_step(&mut self, index: usize, flight: FlightId, result: StepResult) {
        if let Some(step) = self.in_hand.remove(&(index, flight)) {
            self.steps.insert((index, flight), step);
        }
        let now = self.now;
        let session = &mut self.processes[index].session;
        let answered = matches!(result, StepResult::Answer(_) | StepResult::Failed(_));
        let waits = |session: &mut Session| match session.look(now) {
            Some(Acquire::Wait { until, .. }) => Some(until),
            _ => None,
        };
        let (generation, waited) = (session.snapshot().generation(), waits(session));
        session.done(now, flight, result);
        let wait = waits(session);
        if session.snapshot().generation() > generation {
            self.quiet_until.remove(&index);
        } else if answered && wait.is_some() && wait != waited {
            // A late answer of a flight that was replaced changes nothing.
            self.quiet_until.insert(index, now.plus_millis(1000));
        }
    }

    fn pass(&mut self, argument: u16) {
        let seconds = [0, 1, 2, 10, 45, 61, 600, 2200, 3000, 3600, 4000][usize::from(argument) % 11];
        self.now = self.now.plus_millis(seconds * 1000 + i64::from(argument));
    }

    fn set_clock(&mut self, argument: u16) {
        let step = [-1, -500, -5_000, -100_000, -4_000_000, 900, 90_000_000][usize::from(argument) % 7];
        self.see_the_clock();
        self.now = self.now.plus_millis(step);
        self.see_the_clock();
        self.clock_was_set = true;
        self.noise += if (-1000..0).contains(&step) { -step } else { 0 };
        // Moments that the world remembers are of the old clock.
        for sent in &mut self.sent {
            sent.at = sent.at.plus_millis(step);
        }
        for quiet in self.quiet_until.values_mut() {
            *quiet = quiet.plus_millis(step);
        }
        self.quiet_until.clear();
        for end in self.server.access.values_mut() {
            *end = end.map(|end| end.plus_millis(step.min(0)));
        }
        for used in self.server.used.values_mut() {
            *used = used.plus_millis(step);
        }
    }

    /// A session that nobody calls cannot see how far its clock was set.
    fn see_the_clock(&mut self) {
        for process in &mut self.processes {
            process.session.abandon(self.now, FlightId::from_number(0));
        }
    }

    fn abandon(&mut self, index: usize) {
        let Some(flight) = self.processes[index].leading.pop() else { return };
        self.left = true;
        self.processes[index].session.abandon(self.now, flight);
        // Its process is gone with it, and the kernel frees the lock.
        self.free(index, flight);
        self.lost(index, flight);
    }

    fn free(&mut self, index: usize, flight: FlightId) {
        let freed = self.processes[index].holds_lock.take_if(|holder| *holder == flight);
        self.lock_was_lost |= freed.is_some();
    }

    /// Nobody reads the answer: whatever the server did, the client cannot know it.
    fn lost(&mut self, index: usize, flight: FlightId) {
        let waits = self.processes[index].waiting.iter().any(|(waiting, ..)| *waiting == flight);
        if let Some(sent) = self.sent.iter_mut().rev().find(|sent| waits && sent.by == (index, flight)) {
            sent.harmless = false;
        }
    }

    fn refuse(&mut self, index: usize, argument: u16) {
        let Some(token) = self.processes[index].last.clone() else { return };
        let session = &mut self.processes[index].session;
        let status = if argument.is_multiple_of(4) { 403 } else { 401 };
        let challenge =
            ["Bearer error=\"invalid_token\"", "Bearer error=\"insufficient_scope\"", "Basic", "\"\""];
        let challenge = challenge[usize::from(argument / 4) % 4];
        let _: Refusal = session.refused(self.now, token.generation(), status, &[challenge], b"");
    }

    fn rotate_secret(&mut self) {
        self.server.secret = (self.server.secret + 1) % SECRETS.len();
    }

    fn set_secret(&mut self, index: usize) {
        if !self.shape.readable_secret {
            let changes = Settings::default().client_secret(SECRETS[self.server.secret]);
            self.processes[index].session.change(self.now, changes).unwrap();
            self.quiet_until.remove(&index);
        }
    }

    fn sign_out(&mut self, index: usize) {
        self.left = true;
        self.processes[index].session.sign_out(self.now);
        self.processes[index].last = None;
    }

    /// The process dies: its lock is freed, its memory gone; a new one starts from the store.
    fn kill(&mut self, index: usize) {
        self.left = true;
        self.processes[index] = self.start(index);
        self.quiet_until.remove(&index);
        self.steps.retain(|(process, _), _| *process != index);
        self.in_hand.retain(|(process, _), _| *process != index);
        if !self.shape.store {
            // Nothing remembers what was sent.
            self.sent.clear();
            self.server.used.clear();
        }
    }

    fn check(&mut self) {
        let holders = self.processes.iter().filter(|process| process.holds_lock.is_some()).count();
        assert!(holders <= 1, "I03: two processes hold the lock");
    }

    /// Faults off: every pending caller gets a token in a bounded number of moves (I25).
    pub fn settle(&mut self) {
        self.left = true;
        self.server.refresh.get_or_insert_with(|| "cxauth-canary-R0".into());
        for index in 0..self.processes.len() {
            while let Some(flight) = self.processes[index].leading.pop() {
                self.lost(index, flight);
                self.processes[index].session.abandon(self.now, flight);
            }
            self.processes[index].holds_lock = None;
            self.processes[index].waiting.clear();
        }
        self.now = self.now.plus_seconds(7200);
        self.quiet_until.clear();
        self.rotate_back();
        for index in 0..self.processes.len() {
            let mut got = false;
            for _ in 0..400 {
                let now = self.now;
                match self.processes[index].session.acquire(now) {
                    Acquire::Ready { .. } => {
                        got = true;
                        break;
                    }
                    Acquire::Lead { flight, .. } => self.lead_to_the_end(index, flight),
                    Acquire::Follow { deadline, .. } => self.now = deadline,
                    Acquire::Wait { until, .. } => self.now = until,
                    Acquire::Denied { why } => {
                        assert_eq!(why.action().as_str(), "sign_in", "I25: {why}");
                        assert!(self.shape.lone, "I25: a session with a grant asks for a sign-in: {why}");
                        got = true;
                        break;
                    }
                }
            }
            assert!(got, "I25: no token although every fault is over");
        }
    }

    fn rotate_back(&mut self) {
        if !self.shape.readable_secret {
            self.server.secret = 0;
            for process in &mut self.processes {
                process.session.change(self.now, Settings::default().client_secret(SECRETS[0])).unwrap();
            }
        }
    }

    fn lead_to_the_end(&mut self, index: usize, flight: FlightId) {
        self.processes[index].leading.push(flight);
        for _ in 0..40 {
            if !self.processes[index].leading.contains(&flight) {
                return;
            }
            // 4: processed and answered; its lifetime is the longest.
            self.step(index, 4 + 8 * 5);
        }
        panic!("I25: a flight without an end");
    }
}

fn lifetime(argument: u16) -> Option<i64> {
    [Some(3600), Some(60), None, Some(1), Some(31_536_000), Some(3600)][usize::from(argument >> 3) % 6]
}
