//! Nothing of a sign-in stands where somebody reads it.

use crate::{nothing, support::World};
use cxauth_sim::Decision;
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing::instrument::WithSubscriber;

#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl io::Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// R26, R30: state, verifier, code and tokens are in no log, no error and no `Debug`.
#[tokio::test]
async fn nothing_secret_is_printed() {
    let printed = Printed::default();
    let writer = printed.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let world = World::new().await;
    let (secrets, said) = sign_in(&world).with_subscriber(subscriber).await;
    let mut text = String::from_utf8(printed.0.lock().unwrap().clone()).unwrap();
    text.push_str(&said);
    assert!(text.contains("sign-in"), "there is a log");
    for secret in secrets.iter().chain(&world.secrets()).filter(|secret| secret.len() > 8) {
        assert!(!text.contains(secret.as_str()), "{secret} was printed");
    }
}

async fn sign_in(world: &World) -> (Vec<String>, String) {
    let mut said = String::new();
    let client = world.further("pushed-authorization-code", &nothing()).build().unwrap();
    let authorization = client.begin_sign_in(Some("http://127.0.0.1:5000/callback")).await.unwrap();
    said += &format!("{authorization:?} {:?} {client:?}", authorization.sign_in());
    let kept = authorization.sign_in().to_text();
    said += &format!("{kept:?}");
    let kept: serde_json::Value = serde_json::from_str(kept.expose()).unwrap();
    let redirect = world.simulator.sign_in(authorization.url(), Decision::Approve).unwrap();
    let code = form_urlencoded::parse(redirect.split_once('?').unwrap().1.as_bytes())
        .find_map(|(name, value)| (name == "code").then(|| value.into_owned()));
    let wrong = redirect.replace("state=", "state=x");
    said += &client.finish_sign_in(authorization.sign_in().clone(), &wrong).await.unwrap_err().to_string();
    client.finish_sign_in(authorization.sign_in().clone(), &redirect).await.unwrap();
    let again = client.finish_sign_in(authorization.sign_in().clone(), &redirect).await.unwrap_err();
    said += &format!("{again} {again:?} {:?}", client.status());
    let device = world.further("device-code", &nothing()).build().unwrap();
    let signed = device.sign_in_on_device(|prompt| {
        said += &format!("{prompt:?}");
        let decision = cxauth_sim::DeviceDecision::Deny;
        world.simulator.decide_device(Some(prompt.user_code()), decision).unwrap();
        world.pass(5);
    });
    let refused = signed.await.unwrap_err();
    said += &format!("{refused} {refused:?}");
    let secrets = ["state", "verifier"].map(|name| kept[name].as_str().unwrap().to_owned());
    (secrets.into_iter().chain(code).collect(), said)
}
