//! What an attacker tries with a sign-in: mix-up, code injection, forged redirects, replay (RFC 9700 §4), in random order, with
//! two servers of which the second is the attacker's.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use cxauth_core::{
    Answer, Authorization, Connection, ErrorCode, Session, Step, StepResult, Timestamp, TokenRequest,
};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

const NOW: Timestamp = Timestamp::from_unix_millis(1_700_000_000_000);
const REDIRECT_URI: &str = "https://app.example/callback";
const SERVERS: [&str; 2] = ["honest", "evil"];

/// What a server gave a code for.
#[derive(Clone, Debug)]
struct Issued {
    challenge: String,
    person: &'static str,
    used: bool,
}

/// One browser's session with one server.
struct Client {
    server: &'static str,
    session: Session,
    pending: Vec<Authorization>,
}

struct World {
    /// The victim's clients, one a server.
    clients: Vec<Client>,
    /// By code. The honest server's alone: of the other one the attacker decides.
    issued: BTreeMap<String, Issued>,
    states: BTreeSet<String>,
    challenges: BTreeSet<String>,
    seed: u64,
    /// What the attacker knows: addresses that went through his hands, and codes of sign-ins of his own.
    codes: Vec<String>,
}

#[derive(Clone, Debug)]
enum Move {
    /// The victim begins with one of the servers.
    Begin(usize),
    /// The victim approves at the honest server what one of the pending sign-ins asks for, and the browser comes back.
    Approve { client: usize, pending: Index },
    /// The attacker sends the victim's browser to the honest server in place of his own (mix-up), and what it brings back
    /// goes to the client that began with him.
    MixUp { pending: Index },
    /// The attacker signs in himself at the honest server, and puts his code into a redirect of the victim.
    Inject { client: usize, pending: Index, code: Index, names_issuer: bool },
    /// A redirect with a state of the attacker's choice.
    Forge { client: usize, state: String, code: Index },
    /// A redirect that was taken comes again.
    Replay { client: usize },
}

fn moves() -> impl Strategy<Value = Move> {
    let client = 0..2_usize;
    prop_oneof![
        client.clone().prop_map(Move::Begin),
        (client.clone(), any::<Index>()).prop_map(|(client, pending)| Move::Approve { client, pending }),
        any::<Index>().prop_map(|pending| Move::MixUp { pending }),
        (client.clone(), any::<Index>(), any::<Index>(), any::<bool>()).prop_map(
            |(client, pending, code, names_issuer)| Move::Inject { client, pending, code, names_issuer }
        ),
        (client.clone(), "[A-Za-z0-9_-]{0,43}", any::<Index>())
            .prop_map(|(client, state, code)| Move::Forge { client, state, code }),
        client.prop_map(|client| Move::Replay { client }),
    ]
}

fn parameter(address: &str, name: &str) -> String {
    let url = Url::parse(address).unwrap();
    url.query_pairs()
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn redirect(state: &str, code: &str, issuer: Option<&str>) -> String {
    let mut url = Url::parse(REDIRECT_URI).unwrap();
    url.query_pairs_mut().append_pair("state", state).append_pair("code", code);
    if let Some(server) = issuer {
        url.query_pairs_mut().append_pair("iss", &format!("https://{server}.example"));
    }
    url.into()
}

impl World {
    fn new() -> Self {
        let client = |server: &'static str| {
            let settings = json!({
                "platform": "generic", "grant": "authorization_code", "client_id": format!("app-at-{server}"),
                "issuer": format!("https://{server}.example"),
                "authorization_endpoint": format!("https://{server}.example/authorize"),
                "token_endpoint": format!("https://{server}.example/token"),
                "redirect_uri": REDIRECT_URI,
                "authorization_response_iss_parameter_supported": true,
            });
            let connection = Connection::from_json(&settings.to_string()).unwrap();
            Client { server, session: Session::open(connection, NOW, server.as_bytes()), pending: Vec::new() }
        };
        Self {
            clients: SERVERS.map(client).into(),
            issued: BTreeMap::new(),
            states: BTreeSet::new(),
            challenges: BTreeSet::new(),
            seed: 0,
            codes: vec!["guessed".to_string()],
        }
    }

    fn act(&mut self, act: &Move) {
        match act {
            Move::Begin(client) => self.begin(*client),
            Move::Approve { client, pending } => {
                // His own server's codes are the attacker's to choose; what he can do with them is below.
                let Some(authorization) = self.pending(*client, pending).filter(|_| *client == 0) else {
                    return;
                };
                let code = self.issue(&authorization, "victim");
                let state = parameter(authorization.url(), "state");
                self.come_back(
                    *client,
                    &authorization,
                    &redirect(&state, &code, Some("honest")),
                    Some("victim"),
                );
            }
            Move::MixUp { pending } => {
                let Some(authorization) = self.pending(1, pending) else { return };
                let code = self.issue(&authorization, "victim");
                let state = parameter(authorization.url(), "state");
                // The honest server names itself; a code of its own never goes to another server.
                self.come_back(1, &authorization, &redirect(&state, &code, Some("honest")), None);
                self.come_back(1, &authorization, &redirect(&state, &code, None), None);
            }
            Move::Inject { client, pending, code, names_issuer } => {
                self.seed += 1;
                let own = format!("attackers-{}", self.seed);
                let challenge = format!("attackers-challenge-{}", self.seed);
                self.issued.insert(own.clone(), Issued { challenge, person: "attacker", used: false });
                self.codes.push(own);
                let Some(authorization) = self.pending(*client, pending) else { return };
                let code = self.codes[code.index(self.codes.len())].clone();
                let state = parameter(authorization.url(), "state");
                let issuer = names_issuer.then_some(self.clients[*client].server);
                self.come_back(*client, &authorization, &redirect(&state, &code, issuer), None);
            }
            Move::Forge { client, state, code } => {
                let Some(authorization) = self.clients[*client].pending.last().cloned() else { return };
                let code = self.codes[code.index(self.codes.len())].clone();
                let issuer = Some(self.clients[*client].server);
                self.come_back(*client, &authorization, &redirect(state, &code, issuer), None);
            }
            Move::Replay { client } => {
                let Some(authorization) = self.clients[*client].pending.last().cloned() else { return };
                let state = parameter(authorization.url(), "state");
                let server = self.clients[*client].server;
                let first = redirect(&state, "guessed", Some(server));
                let sign_in = authorization.sign_in().clone();
                let _ = self.clients[*client].session.lead_code(NOW, sign_in.clone(), &first);
                let again = self.clients[*client].session.lead_code(NOW, sign_in, &first).unwrap_err();
                assert_eq!(again.code(), ErrorCode::RedirectRefused, "R46: a redirect is taken once");
            }
        }
    }

    fn begin(&mut self, client: usize) {
        self.seed += 1;
        // As an operating system would give it: never the same.
        let mut entropy = [0; 64];
        for (index, part) in entropy.chunks_mut(8).enumerate() {
            part.copy_from_slice(&(self.seed * 8 + index as u64).to_be_bytes());
        }
        let Client { session, pending, .. } = &mut self.clients[client];
        let flight = session.lead_authorization(NOW, &entropy, None).unwrap();
        let Step::Authorize { authorization } = session.next(NOW, flight) else { panic!("no address") };
        session.done(NOW, flight, StepResult::Done);
        assert!(self.states.insert(parameter(authorization.url(), "state")), "R53: a state of its own");
        assert!(
            self.challenges.insert(parameter(authorization.url(), "code_challenge")),
            "R53: a verifier of its own"
        );
        assert_eq!(parameter(authorization.url(), "code_challenge_method"), "S256");
        pending.push(authorization);
    }

    fn pending(&self, client: usize, which: &Index) -> Option<Authorization> {
        let pending = &self.clients[client].pending;
        (!pending.is_empty()).then(|| pending[which.index(pending.len())].clone())
    }

    /// The honest server gives a code for what the browser asks.
    fn issue(&mut self, authorization: &Authorization, person: &'static str) -> String {
        self.seed += 1;
        let code = format!("code-{}", self.seed);
        let challenge = parameter(authorization.url(), "code_challenge");
        self.issued.insert(code.clone(), Issued { challenge, person, used: false });
        code
    }

    /// The browser is back. `expected` is who is signed in then; nobody where an attacker had a hand in it.
    fn come_back(
        &mut self,
        client: usize,
        authorization: &Authorization,
        address: &str,
        expected: Option<&'static str>,
    ) {
        let server = self.clients[client].server;
        let led = self.clients[client].session.lead_code(NOW, authorization.sign_in().clone(), address);
        let Ok(flight) = led else { return };
        let Step::Send { request } = self.clients[client].session.next(NOW, flight) else {
            panic!("no request")
        };
        assert_eq!(request.url(), format!("https://{server}.example/token"), "R51: where it began");
        let (status, body, person) = self.answer(server, &request);
        self.clients[client].session.done(
            NOW,
            flight,
            StepResult::Answer(Answer::new(status, [("content-type", "application/json")], body)),
        );
        // I30: whoever is signed in at the honest server signed in there himself, in this browser.
        if server == "honest" {
            assert!(person.is_none() || person == expected, "I30: {person:?} in place of {expected:?}");
        }
    }

    fn answer(&mut self, server: &str, request: &TokenRequest) -> (u16, String, Option<&'static str>) {
        let form: BTreeMap<_, _> = url::form_urlencoded::parse(request.body()).into_owned().collect();
        let code = &form["code"];
        if server == "evil" {
            let of_the_honest = self.issued.get(code).is_some_and(|issued| issued.person == "victim");
            assert!(!of_the_honest, "R48: a code of the honest server came to the attacker's");
            return (200, json!({ "access_token": "EVIL", "expires_in": 60 }).to_string(), None);
        }
        let proves = |issued: &Issued| {
            use base64ct::{Base64UrlUnpadded, Encoding as _};
            use sha2::Digest as _;
            let digest = sha2::Sha256::digest(form["code_verifier"].as_bytes());
            Base64UrlUnpadded::encode_string(&digest) == issued.challenge
        };
        match self.issued.get_mut(code) {
            Some(issued) if proves(issued) => {
                assert!(!issued.used, "R11: a code is sent once");
                issued.used = true;
                (
                    200,
                    json!({ "access_token": issued.person, "expires_in": 60 }).to_string(),
                    Some(issued.person),
                )
            }
            _ => (400, r#"{ "error": "invalid_grant" }"#.to_string(), None),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// R11, R46, R48, R51, R53, R75.
    #[test]
    fn i30_nobody_but_the_person_in_this_browser_signs_in(moves in vec(moves(), 1..40)) {
        let mut world = World::new();
        for act in &moves {
            world.act(act);
        }
    }
}
