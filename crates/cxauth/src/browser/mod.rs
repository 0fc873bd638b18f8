//! Signing in by the system's browser, as RFC 8252 has it for programs on a person's machine.

mod listener;
mod page;

use crate::{Client, Error, ErrorCode};
use listener::Listener;
use std::{
    fmt,
    future::{Future, IntoFuture},
    io,
    pin::Pin,
    time::Duration,
};
use tokio::task;
use url::{Host, Url};

/// How long a person may take, unless the program says otherwise.
const USUAL_LIMIT: Duration = Duration::from_secs(300);

type Opener = Box<dyn FnOnce(&str) -> io::Result<()> + Send>;

impl Client {
    /// Signs a person in by the browser of this machine: opens it at the server's page, waits on loopback for it to come back,
    /// and takes what it brings. The listener is open only meanwhile, on a port that the system chooses, or the one that the
    /// connection's `redirect_uri` names; that is `http://127.0.0.1/callback` where there is none, and may say `[::1]`,
    /// `localhost` and another path. What comes from elsewhere does not end the wait.
    ///
    /// ```no_run
    /// use cxauth::{Client, Connection, Settings};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = cxauth::discover("https://as.example").await?.settings();
    /// let settings = Settings::new("generic").client_id("id").api_base("https://api.example/");
    /// let client = Client::new(Connection::new(settings.or(server))?)?;
    /// client.sign_in_in_browser().await?;
    /// println!("{}", client.get("me").await?.text().await?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "nothing happens before it is awaited"]
    pub fn sign_in_in_browser(&self) -> BrowserSignIn {
        BrowserSignIn { client: self.clone(), open: Box::new(open), limit: USUAL_LIMIT }
    }
}

/// A sign-in by the system's browser, which begins when it is awaited; dropped meanwhile, it gives up and closes the listener.
/// [`Client::sign_in_in_browser`] makes one.
///
/// # Errors
/// `sign_in_expired` when the time is over; `invalid_setting` with the detail `browser` when no browser could be opened, and
/// with `redirect_uri` when nothing can listen there; else as [`Client::begin_sign_in`] and [`Client::finish_sign_in`].
#[must_use = "nothing happens before it is awaited"]
pub struct BrowserSignIn {
    client: Client,
    open: Opener,
    limit: Duration,
}

impl BrowserSignIn {
    /// Opens the address with this function instead of [`open`]: to print it for a person, or in a test. It runs in a thread of
    /// its own, and the sign-in goes on while it does.
    pub fn open_with(mut self, open: impl FnOnce(&str) -> io::Result<()> + Send + 'static) -> Self {
        self.open = Box::new(open);
        self
    }

    /// How long the person may take, 5 minutes unless this is said, by the client's clock.
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    async fn run(self) -> Result<(), Error> {
        let clock = &self.client.keeper.drivers.clock;
        let limit = i64::try_from(self.limit.as_millis()).unwrap_or(i64::MAX);
        let deadline = clock.now().plus_millis(limit);
        let configured =
            self.client.keeper.connection(|connection| connection.redirect_uri().map(str::to_owned));
        let listener = Listener::bind(configured.as_deref()).await?;
        let authorization = self.client.begin_sign_in(Some(listener.redirect_uri())).await?;
        let (open, url) = (self.open, authorization.url().to_owned());
        let browser = async {
            match task::spawn_blocking(move || open(&url)).await {
                Ok(Ok(())) => std::future::pending().await,
                Ok(Err(error)) => not_opened(&error.to_string()),
                Err(_) => not_opened("opening it broke off"),
            }
        };
        // With the listener's end its port is closed, before anything else happens.
        let redirect = tokio::select! {
            redirect = listener.answer_to(authorization.sign_in()) => redirect,
            error = browser => return Err(error),
            () = clock.sleep_until(deadline) => return Err(Error::new(ErrorCode::SignInExpired)),
        };
        self.client.finish_sign_in(authorization.sign_in().clone(), &redirect).await
    }
}

impl IntoFuture for BrowserSignIn {
    type Output = Result<(), Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for BrowserSignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BrowserSignIn").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// Opens an address in the system's browser; no shell sees it. Only https, and http on loopback.
///
/// # Errors
/// Another kind of address, or no browser.
pub fn open(url: &str) -> io::Result<()> {
    if !is_web_address(url) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "only https addresses are opened"));
    }
    webbrowser::open(url)
}

/// What a browser opens and nothing else of the system does (RFC 8252 §8.12).
fn is_web_address(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => is_loopback(url.host()),
        _ => false,
    })
}

fn is_loopback(host: Option<Host<&str>>) -> bool {
    match host {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn not_opened(why: &str) -> Error {
    let detail = format!("browser: none could be opened ({why}); open the address yourself, see `open_with`");
    Error::new(ErrorCode::InvalidSetting).with_detail(&detail)
}

#[cfg(test)]
mod tests {
    use super::is_web_address;

    /// R66: nothing but the web goes to the system.
    #[test]
    fn only_addresses_of_the_web_are_opened() {
        for url in
            ["https://as.example/a?b=c", "http://127.0.0.1:1/a", "http://[::1]:1/", "http://localhost/"]
        {
            assert!(is_web_address(url), "{url}");
        }
        for url in
            ["http://as.example/", "file:///etc/passwd", "javascript:1", "calculator:", "-flag", "", "http:"]
        {
            assert!(!is_web_address(url), "{url}");
        }
    }
}
