//! The code grant, as a client does it.

use cxauth_sim::{Decision, Platform};
use reqwest::{RequestBuilder, Url};

use super::{Answer, Bench, credentials, send};

/// RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:5000/callback";

const GENERIC: Platform = Platform::Generic;

impl Bench {
    /// The parameters of a right request with changes; an empty value leaves one out.
    pub(crate) fn authorization_parameters<'a>(
        &self,
        changes: &[(&'a str, &'a str)],
    ) -> Vec<(&'a str, &'a str)> {
        let usual = [
            ("response_type", "code"),
            ("client_id", "cxauth-canary-generic-client"),
            ("redirect_uri", REDIRECT_URI),
            ("state", "a state"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        changed(usual.to_vec(), changes)
    }

    pub(crate) fn authorization_url(&self, changes: &[(&str, &str)]) -> String {
        let base = self.simulator.base(GENERIC) + "/authorize";
        Url::parse_with_params(&base, self.authorization_parameters(changes)).unwrap().into()
    }

    /// A code that the first user gave.
    pub(crate) fn code(&self, changes: &[(&str, &str)]) -> String {
        let url = self.authorization_url(changes);
        let redirected: Url = self.simulator.sign_in(&url, Decision::Approve).unwrap().parse().unwrap();
        parameter(&redirected, "code").unwrap()
    }

    pub(crate) fn redeeming(&self, code: &str, changes: &[(&str, &str)]) -> RequestBuilder {
        let connection = self.simulator.connection(GENERIC);
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        fields.extend(credentials(&connection));
        self.post(GENERIC, &changed(fields, changes))
    }

    pub(crate) async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        send(self.redeeming(code, changes)).await
    }
}

pub(crate) fn changed<'a>(
    mut fields: Vec<(&'a str, &'a str)>,
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    fields
}

pub(crate) fn values(url: &Url, name: &str) -> Vec<String> {
    url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
}

pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    values(url, name).into_iter().next()
}
