//! Signing in: a person approves in a browser or on another device.

use crate::{
    Authorization, Client, DevicePrompt, Error, ErrorCode, SignIn,
    flight::{self, Shown},
    secret,
};
use std::sync::Arc;

/// Signing a person in. Afterwards [`Client::token`] has the token, and renews it as it renews every other.
impl Client {
    /// Prepares a sign-in by an authorization code with PKCE (RFC 6749 §4.1, RFC 7636), and pushes the request to the server
    /// first where that wants it (RFC 9126). Open [`Authorization::url`] in the system's browser, keep
    /// [`Authorization::sign_in`] meanwhile, and give it to [`Client::finish_sign_in`] with the address that the browser came
    /// back to. `redirect_uri` takes the place of the connection's. A caller that is dropped meanwhile has begun nothing.
    ///
    /// ```
    /// use cxauth::{Client, Connection, SignIn};
    /// # use cxauth_sim::{Decision, Simulator};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let simulator = Simulator::start().await?;
    /// # let settings = simulator.further_connections()["generic/authorization-code"].to_string();
    /// # let browser_goes_to = |url: &str| simulator.sign_in(url, Decision::Approve);
    /// let client = Client::new(Connection::from_json(&settings)?)?;
    /// let authorization = client.begin_sign_in(Some("http://127.0.0.1:5000/callback")).await?;
    /// // A server keeps this text in the person's session.
    /// let kept = authorization.sign_in().to_text();
    /// let came_back_to = browser_goes_to(authorization.url())?;
    ///
    /// client.finish_sign_in(SignIn::from_text(kept.expose())?, &came_back_to).await?;
    /// assert_eq!(client.get("items?page=2").await?.status(), 200);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `missing_setting` and `invalid_setting` of the connection; with a request that is pushed first what the server or the
    /// network said.
    pub async fn begin_sign_in(&self, redirect_uri: Option<&str>) -> Result<Authorization, Error> {
        let entropy = secret::sign_in_entropy()?;
        let keeper = &self.keeper;
        let flight = keeper.begin(|session, now| session.lead_authorization(now, &entropy, redirect_uri))?;
        let mut authorization = None;
        let why = flight::lead_with_person(Arc::clone(keeper), flight, |shown| {
            if let Shown::Authorization(shown) = shown {
                authorization = Some(shown);
            }
        });
        match (why.await, authorization) {
            (None, Some(authorization)) => Ok(authorization),
            // Somebody signed out meanwhile.
            (why, _) => Err(why.unwrap_or_else(|| Error::new(ErrorCode::SignInExpired))),
        }
    }

    /// Ends a sign-in: the browser came back to `redirect`, the whole address. It is checked (state, issuer, place), the code in
    /// it becomes tokens, and these are stored before this returns; that goes on when the caller is dropped. A sign-in is used
    /// once, but an address that answers another one does not use it up.
    ///
    /// # Errors
    /// `redirect_refused` when the address is not the answer to this sign-in, `authorization_refused` when the person or the
    /// server refused, `sign_in_expired` after an hour; else what the server or the network said. Begin anew after each but the
    /// first.
    pub async fn finish_sign_in(&self, sign_in: SignIn, redirect: &str) -> Result<(), Error> {
        let flight = self.keeper.begin(|session, now| session.lead_code(now, sign_in, redirect))?;
        let leader = flight::spawn_sign_in(Arc::clone(&self.keeper), flight);
        match leader.await {
            Ok(None) => Ok(()),
            Ok(Some(why)) => Err(why),
            Err(_) => Err(Error::new(ErrorCode::Interrupted)),
        }
    }

    /// Signs in on another device (RFC 8628): `show` shows a person what to enter and where, and this waits until they have
    /// decided or the code has ended. Dropped, it gives up.
    ///
    /// ```
    /// use cxauth::{Client, Connection};
    /// # use cxauth_sim::{DeviceDecision, Platform, Simulator};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let simulator = Simulator::start().await?;
    /// # simulator.configure(Platform::Generic, |settings| settings.device.interval = Some(1));
    /// # let settings = simulator.further_connections()["generic/device-code"].to_string();
    /// let client = Client::new(Connection::from_json(&settings)?)?;
    /// client
    ///     .sign_in_on_device(|prompt| {
    ///         println!("Open {} and enter {}.", prompt.verification_uri(), prompt.user_code());
    /// #       simulator.decide_device(Some(prompt.user_code()), DeviceDecision::Approve).ok();
    ///     })
    ///     .await?;
    /// assert_eq!(client.get("items?page=2").await?.status(), 200);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `missing_setting`, `authorization_refused`, `sign_in_expired`; else what the server or the network said.
    pub async fn sign_in_on_device(&self, show: impl FnOnce(&DevicePrompt) + Send) -> Result<(), Error> {
        let keeper = &self.keeper;
        let flight = keeper.begin(|session, now| session.lead_device_sign_in(now))?;
        let mut show = Some(show);
        let why = flight::lead_with_person(Arc::clone(keeper), flight, |shown| {
            if let (Shown::Prompt(prompt), Some(show)) = (shown, show.take()) {
                show(&prompt);
            }
        });
        why.await.map_or(Ok(()), Err)
    }
}
