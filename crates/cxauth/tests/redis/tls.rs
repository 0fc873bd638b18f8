//! TLS: certificates of an authority that the test makes, for servers and for clients.

use crate::{
    closed::{builder, documented_user},
    late::{connection, snapshot, soon},
    server::{Access, Cluster, Server},
};
use cxauth::{
    Secret,
    store::{RedisBuilder, Store, StoreError},
};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

const PASSWORD: &str = "cxauth-canary-tls";
const HERE: &str = "127.0.0.1";

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key, in PEM.
struct Certified {
    certificate: String,
    key: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut parameters = parameters(name, &[]);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let pem = parameters.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(parameters, key) }
    }

    fn certify(&self, parameters: &CertificateParams) -> Certified {
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap();
        Certified { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    /// A server with this certificate, which asks clients for theirs (`yes`) or does not (`no`).
    fn options(&self, folder: &Path, server: &Certified, asks: &str) -> Vec<String> {
        let file = |name: &str, content: &str| {
            fs::write(folder.join(name), content).unwrap();
            folder.join(name).to_str().unwrap().to_owned()
        };
        let options = [
            ("--port", "0".to_owned()),
            ("--tls-port", "PORT".to_owned()),
            ("--tls-cert-file", file("server.pem", &server.certificate)),
            ("--tls-key-file", file("server.key", &server.key)),
            ("--tls-ca-cert-file", file("ca.pem", &self.pem)),
            ("--tls-auth-clients", asks.to_owned()),
        ];
        options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
    }

    fn access(&self, login: &str) -> Access {
        Access { login: login.to_owned(), authority: Some(self.pem.clone().into_bytes()) }
    }

    fn server(&self, server: &CertificateParams, asks: &str) -> Server {
        let server = self.certify(server);
        Server::start_with(self.access(""), |folder| self.options(folder, &server, asks))
    }
}

fn parameters(name: &str, hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut parameters = CertificateParams::new(hosts).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters
}

fn save_and_load(builder: RedisBuilder) {
    let store = builder.build().unwrap().store(&connection());
    let mut locked = Store::lock(&store, soon()).unwrap();
    locked.save(&snapshot(1, "x")).unwrap();
    assert_eq!(locked.load().unwrap().unwrap().generation(), 1);
    drop(locked);
    assert_eq!(store.load().unwrap().unwrap().generation(), 1);
}

fn refusal(builder: RedisBuilder) -> StoreError {
    let store = builder.never_alone().build().unwrap().store(&connection());
    let error = Store::lock(&store, Instant::now()).map(drop).unwrap_err();
    assert!(!error.to_string().contains("canary"), "{error}");
    error
}

pub(crate) fn of_both_sides() {
    let authority = Authority::new("authority");
    let server = authority.server(&parameters("server", &[HERE]), "yes");
    let client = authority.certify(&parameters("client", &["client"]));
    let shown = |builder: RedisBuilder| {
        builder.client_certificate(client.certificate.clone(), Secret::new(client.key.clone()))
    };
    save_and_load(shown(builder(&server.url()).root_certificate(authority.pem.clone())));

    // A client that shows none, one of another authority, and one that does not even speak TLS.
    let error = refusal(builder(&server.url()).root_certificate(authority.pem.clone()));
    assert!(
        matches!(&error, StoreError::Refused { why, .. } if why.contains("client_certificate")),
        "{error}"
    );
    let other = Authority::new("another").certify(&parameters("client", &["client"]));
    let stranger = builder(&server.url()).root_certificate(authority.pem.clone());
    let error = refusal(stranger.client_certificate(other.certificate, Secret::new(other.key)));
    assert!(
        matches!(&error, StoreError::Refused { why, .. } if why.contains("client_certificate")),
        "{error}"
    );
    let error = refusal(builder(&server.url().replace("rediss", "redis")));
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
}

/// Three masters, nobody let in but the documented user and one who administers.
pub(crate) fn cluster() {
    let authority = Authority::new("authority");
    let node = authority.certify(&parameters("server", &[HERE]));
    let administrator = format!("administrator:{PASSWORD}@");
    let cluster = Cluster::start_with(3, &authority.access(&administrator), |folder| {
        let mut options = authority.options(folder, &node, "no");
        let more = [
            "--tls-cluster",
            "yes",
            "--user",
            "default",
            "off",
            "--user",
            "administrator",
            "on",
            &format!(">{PASSWORD}"),
            "allkeys",
            "allchannels",
            "allcommands",
        ];
        options.extend(more.map(str::to_owned));
        options
    });
    for server in cluster.servers() {
        let () = server.ask(&mut documented_user(PASSWORD));
    }
    let cluster_as = |url: &str, authority: &Authority| {
        builder(url).username("cxauth").password(PASSWORD).root_certificate(authority.pem.clone())
    };
    save_and_load(cluster_as(&cluster.url(), &authority));
    // The others are found by the one that is named.
    let one = format!("rediss+cluster://{HERE}:{}", cluster.servers()[2].port);
    save_and_load(cluster_as(&one, &authority).prefix("cxauth:again"));

    let refused = |builder: RedisBuilder, word: &str| {
        let error = refusal(builder);
        assert!(matches!(&error, StoreError::Refused { why, .. } if why.contains(word)), "{word}: {error}");
    };
    refused(cluster_as(&cluster.url(), &Authority::new("another")), "root_certificate");
    refused(cluster_as(&one.replace(HERE, "localhost"), &authority), "host name");
    refused(cluster_as(&one, &authority).password("cxauth-canary-wrong"), "password");
    refused(cluster_as(&one, &authority).prefix("other"), "NOPERM");
    let nobody = builder(&one).root_certificate(authority.pem.clone());
    refused(nobody, "wants a password");
}

pub(crate) fn what_is_wrong_is_said() {
    let authority = Authority::new("authority");
    let server = authority.server(&parameters("server", &[HERE]), "no");
    save_and_load(builder(&server.url()).root_certificate(authority.pem.clone()));
    let refused = |builder: RedisBuilder, word: &str| {
        // Not even a process that may renew alone does so: a person has to mend this.
        let store = builder.alone_after(Duration::ZERO).build().unwrap().store(&connection());
        let error = Store::lock(&store, Instant::now()).map(drop).unwrap_err();
        assert!(matches!(&error, StoreError::Refused { why, .. } if why.contains(word)), "{word}: {error}");
        let error = store.load().unwrap_err();
        assert!(matches!(&error, StoreError::Refused { why, .. } if why.contains(word)), "{word}: {error}");
    };
    // An authority that nobody named, and another one than the server's.
    refused(builder(&server.url()), "root_certificate");
    refused(builder(&server.url()).root_certificate(Authority::new("another").pem), "root_certificate");
    // A name that the certificate does not have.
    let by_name = server.url().replace(HERE, "localhost");
    refused(builder(&by_name).root_certificate(authority.pem.clone()), "host name");

    // What was right and has ended is an outage: processes go on as without a server, and say why.
    let mut ended = parameters("server", &[HERE]);
    (ended.not_before, ended.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let ended = authority.server(&ended, "no");
    let error = refusal(builder(&ended.url()).root_certificate(authority.pem.clone()));
    assert!(matches!(&error, StoreError::Unreachable { why, .. } if why.contains("has ended")), "{error}");
}
