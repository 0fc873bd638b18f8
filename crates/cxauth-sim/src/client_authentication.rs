//! What every request of a client to the server itself must be, and who the client is (RFC 6749 §2.3, §3.2).

use axum::http::{Method, StatusCode};

use crate::journal::Rule;
use crate::judge::{Judge, invalid_client};
use crate::reply::Reply;
use crate::request::{Authorization, BodyProblem, form_decoded};
use crate::settings::{Client, ClientAuthentication};
use crate::token_endpoint::missing_accept;

/// Parameters that must not be in the URI.
const BODY_ONLY: [&str; 17] = [
    "client_id",
    "client_secret",
    "client_assertion",
    "username",
    "email",
    "password",
    "refresh_token",
    "access_token",
    "grant_type",
    "code",
    "code_verifier",
    "device_code",
    "assertion",
    "subject_token",
    "actor_token",
    "token",
    "redirect_uri",
];

impl Judge<'_> {
    /// RFC 6749 §3.2: a POST whose parameters are in the body, each of them once.
    ///
    /// RFC 8707 §2 and RFC 8693 §2.1 let some of them come several times.
    pub(crate) fn check_shape(&mut self, repeatable: &[&str]) -> Result<(), Reply> {
        if self.request.method != Method::POST {
            let what = format!("{} at an endpoint that takes POST", self.request.method);
            self.server.violated(Rule::MethodNotPost, what);
            let refusal = Reply::oauth_error(
                StatusCode::METHOD_NOT_ALLOWED,
                "invalid_request",
                "The endpoint takes POST",
            );
            return Err(refusal.with_header("allow", "POST"));
        }
        if let Some((name, _)) =
            self.request.query.iter().find(|(name, _)| BODY_ONLY.contains(&name.as_str()))
        {
            return self.broken(
                Rule::CredentialsInUri,
                format!("{name} in the query"),
                "A parameter is in the URI",
            );
        }
        let encoding = match &self.request.fields {
            Ok(fields) => fields.encoding,
            Err(BodyProblem::ContentType) => {
                return self.broken(
                    Rule::WrongContentType,
                    "no media type that is read",
                    "The content type is wrong",
                );
            }
            Err(BodyProblem::Malformed(what)) => {
                return self.broken(Rule::MalformedBody, *what, "The body is malformed");
            }
        };
        if !self.server.settings.body_encodings.contains(&encoding) {
            return self.broken(
                Rule::WrongContentType,
                format!("{encoding:?} body"),
                "The content type is wrong",
            );
        }
        if self.request.duplicate_field(repeatable).is_some() {
            return self.broken(Rule::DuplicateParameter, "a parameter came twice", "A parameter came twice");
        }
        Ok(())
    }

    pub(crate) fn check_accept(&mut self) -> Result<(), Reply> {
        match missing_accept(self.server, self.request) {
            Some(refusal) => Err(refusal),
            None => Ok(()),
        }
    }

    /// RFC 6749 §2.3.
    pub(crate) fn authenticate(&mut self) -> Result<Client, Reply> {
        let in_body = self.request.field("client_secret");
        let assertion = self.request.field("client_assertion");
        let body_id = self.request.field("client_id");
        let (methods, presented) = match Authorization::of(self.request) {
            Authorization::Several => {
                return self.broken(
                    Rule::SeveralAuthorizationHeaders,
                    "several Authorization headers",
                    "There are several Authorization headers",
                );
            }
            Authorization::Malformed | Authorization::Other => {
                return self.broken(
                    Rule::MalformedAuthorization,
                    "an Authorization header that is not Basic",
                    "The Authorization header is malformed",
                );
            }
            Authorization::Bearer(_) | Authorization::Dpop(_) => {
                return self.broken(
                    Rule::TokenAtWrongPath,
                    "a token in place of client authentication",
                    "A token has no business here",
                );
            }
            Authorization::Basic { user, password } => (1, Some((user, password))),
            Authorization::Absent => (0, None),
        };
        let methods = methods + usize::from(in_body.is_some()) + usize::from(assertion.is_some());
        if methods > 1 {
            return self.broken(
                Rule::SeveralClientAuthentications,
                "several ways of client authentication",
                "The client authenticates in several ways",
            );
        }
        match (presented, assertion) {
            (_, Some(assertion)) => self.by_assertion(assertion),
            (Some((user, password)), None) => {
                let client = self.by_basic(&user, &password)?;
                if body_id.is_some_and(|id| id != client.id) {
                    return self.broken(
                        Rule::ContradictoryParameters,
                        "client_id differs from HTTP Basic",
                        "Two clients are named",
                    );
                }
                Ok(client)
            }
            (None, None) => self.by_body(),
        }
    }

    fn by_basic(&mut self, user: &str, password: &str) -> Result<Client, Reply> {
        let encoded = self.takes(ClientAuthentication::ClientSecretBasic);
        let raw = self.takes(ClientAuthentication::ClientSecretBasicRaw);
        if !encoded && !raw {
            self.server.violated(Rule::WrongClientAuthentication, "HTTP Basic");
        }
        let as_encoded = || encoded.then(|| form_decoded(user).zip(form_decoded(password))).flatten();
        let as_raw = || raw.then(|| (user.to_owned(), password.to_owned()));
        let matching = [as_encoded(), as_raw()]
            .into_iter()
            .flatten()
            .find_map(|(id, secret)| self.client_with_secret(&id, &secret));
        matching.ok_or_else(|| {
            // RFC 6749 §5.2: the answer names the scheme that the client used.
            invalid_client("The client is unknown or its secret is wrong")
                .with_header("www-authenticate", "Basic realm=\"cxauth-sim\"")
        })
    }

    fn by_body(&mut self) -> Result<Client, Reply> {
        let Some(id) = self.request.field("client_id") else {
            self.server.violated(Rule::MissingParameter, "client_id");
            return Err(invalid_client("The client is not named"));
        };
        let found = match self.request.field("client_secret") {
            Some(secret) => {
                if !self.takes(ClientAuthentication::ClientSecretPost) {
                    self.server.violated(Rule::WrongClientAuthentication, "client_secret in the body");
                    return Err(invalid_client("The server takes no secret in the body"));
                }
                self.client_with_secret(id, secret)
            }
            None => {
                let public = self.server.client(id).filter(|client| !client.is_confidential()).cloned();
                public.filter(|_| self.takes(ClientAuthentication::None))
            }
        };
        found.ok_or_else(|| invalid_client("The client is unknown or its secret is wrong"))
    }

    pub(crate) fn takes(&self, method: ClientAuthentication) -> bool {
        self.server.settings.client_authentication.contains(&method)
    }

    fn client_with_secret(&self, id: &str, secret: &str) -> Option<Client> {
        let client = self.server.client(id)?;
        let current = client.secret.as_ref().is_some_and(|known| known.reveal() == secret);
        let previous = client
            .previous
            .iter()
            .any(|old| self.now_ms < old.valid_until_ms && old.secret.reveal() == secret);
        (current || previous).then(|| client.clone())
    }
}
