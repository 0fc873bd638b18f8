//! Proofs of the key that a token is bound to (RFC 9449).

use crate::{
    AccessToken, Client, DpopKey, Error, ErrorCode, Proof, Secret, SigningKey, keeper::Keeper, secret,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::Request;

/// Where a proof stands.
pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
const SETTING: &str = "dpop_key";

/// Tokens that are bound to a key.
impl Client {
    /// The value of the field `dpop` for one request that something else sends with this token (RFC 9449 §7.1): none for a token
    /// that needs no proof ([`AccessToken::is_bound`]). A proof is good for one request with this method and address; one that is
    /// sent again, or follows a redirect, needs another. [`Client::execute`], [`Client::authorize`] and the middleware take care
    /// of it.
    ///
    /// ```
    /// # use cxauth::{AccessToken, Client, Error};
    /// # use http::{HeaderMap, Method};
    /// # fn send(_: &Method, _: &str, _: HeaderMap) -> (u16, HeaderMap) { (200, HeaderMap::new()) }
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let (method, url) = (Method::GET, "https://api.example/items");
    /// let token = client.token().await?;
    /// let mut headers = HeaderMap::new();
    /// client.with_header(|name, value| headers.insert(name, value.clone()));
    /// if let Some(proof) = client.proof(&token, &method, url).await? {
    ///     headers.insert("dpop", proof);
    /// }
    /// let (status, headers) = send(&method, url, headers);
    /// client.note_nonce(url, &headers);
    /// let refusal = client.refused(&token, status, &headers, b"");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `destination_refused` when the address may not see the token, `secret_unreadable` when the key does not sign.
    pub async fn proof(
        &self,
        token: &AccessToken,
        method: &Method,
        url: &str,
    ) -> Result<Option<HeaderValue>, Error> {
        match self.unsigned(token, method, url)? {
            Some(proof) => self.sign(proof).await.map(Some),
            None => Ok(None),
        }
    }

    /// Notes what an API's answer says in the field `dpop-nonce`: the next proof for that API says it too (RFC 9449 §9). For
    /// requests that were sent without [`Client::execute`], of each answer, before [`Client::refused`].
    pub fn note_nonce(&self, url: &str, headers: &HeaderMap) {
        if let Some(nonce) = headers.get(NONCE).and_then(|nonce| nonce.to_str().ok()) {
            self.keeper.with(|session, _| session.note_nonce(url, nonce));
        }
    }

    /// The field for this very request, which a token without a key costs nothing.
    pub(crate) async fn prove(
        &self,
        token: &AccessToken,
        request: &mut Request,
    ) -> Result<Option<HeaderValue>, Error> {
        match self.unsigned(token, request.method(), request.url().as_str())? {
            Some(proof) => self.sign(proof).await.map(Some),
            None => Ok(None),
        }
    }

    /// Whether redirects are followed request by request, because each needs a proof of its own.
    pub(crate) fn proves(&self) -> bool {
        let bound = self.with_token(AccessToken::is_bound);
        bound.unwrap_or_else(|| self.keeper.connection(|connection| connection.dpop_key().is_some()))
    }

    fn unsigned(&self, token: &AccessToken, method: &Method, url: &str) -> Result<Option<Proof>, Error> {
        if !token.is_bound() {
            return Ok(None);
        }
        self.keeper.with(|session, now| session.prove(now, token, method.as_str(), url))
    }

    async fn sign(&self, proof: Proof) -> Result<HeaderValue, Error> {
        let unreadable = |why: &str| Error::new(ErrorCode::SecretUnreadable).with_detail(why);
        let (key, bytes) = (proof.key().clone(), proof.bytes().to_vec());
        let signature = secret::sign(SETTING, key, bytes, &self.keeper.drivers.signers).await;
        let signature = signature.map_err(|why| unreadable(&why))?;
        let signature = Some(signature).filter(|signature| !signature.is_empty());
        let field = signature.and_then(|signature| secret::proof(&proof, &signature));
        field.ok_or_else(|| unreadable("dpop_key: the signature is empty"))
    }
}

impl Keeper {
    /// The setting that the key stands in.
    pub(crate) fn setting_of(&self, key: &SigningKey) -> &'static str {
        let of_tokens =
            self.connection(|connection| connection.dpop_key().is_some_and(|its| its.key() == key));
        if of_tokens { SETTING } else { "client_key" }
    }
}

/// The key that tokens are bound to, for the settings: `key` says where its PEM is read when it signs, `pem` is what stands there
/// now, of which the public half is taken.
///
/// ```
/// use cxauth::{SecretSource, Settings, SignatureAlgorithm, SigningKey};
/// # let directory = tempfile::tempdir()?;
/// # let file = directory.path().join("dpop.pem").display().to_string();
/// # std::fs::write(&file, cxauth_sim::signing_keys()[0].pem.reveal())?;
/// let pem = std::fs::read_to_string(&file)?.into();
/// let key = SigningKey::new(SecretSource::File(file), SignatureAlgorithm::Es256);
/// let settings = Settings::new("generic").dpop_key(cxauth::dpop_key(key, &pem)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `secret_unreadable` when that is no PEM of a PKCS #8 key, or not a key for the algorithm.
pub fn dpop_key(key: SigningKey, pem: &Secret) -> Result<DpopKey, Error> {
    let jwk = secret::public_jwk(pem, key.algorithm())
        .map_err(|why| Error::new(ErrorCode::SecretUnreadable).with_detail(&format!("dpop_key: {why}")))?;
    DpopKey::new(key, &jwk)
}
