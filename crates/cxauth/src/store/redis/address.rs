//! Where a Redis is: the addresses that its other clients know, and lists of a cluster's nodes.

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo};
use std::{fmt, net::IpAddr};
use zeroize::Zeroizing;

/// The schemes, what redis-rs calls them, and whether they mean a cluster.
const SCHEMES: &[(&str, &str, bool)] = &[
    ("redis", "redis", false),
    ("rediss", "rediss", false),
    ("valkey", "redis", false),
    ("valkeys", "rediss", false),
    ("redis+cluster", "redis", true),
    ("rediss+cluster", "rediss", true),
    ("valkey+cluster", "redis", true),
    ("valkeys+cluster", "rediss", true),
    ("redis+unix", "redis+unix", false),
    ("valkey+unix", "redis+unix", false),
    ("unix", "redis+unix", false),
];

/// It prints no user and no password.
#[derive(Clone)]
pub(super) struct Address {
    /// One node that answers is enough to find a cluster's others.
    pub(super) nodes: Vec<ConnectionInfo>,
    pub(super) is_cluster: bool,
    label: String,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = url.split_once("://").ok_or("write it as redis://HOST:PORT")?;
        let (name, scheme, is_cluster) =
            SCHEMES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(scheme)).ok_or(
                "its scheme is one of redis, rediss (TLS), redis+cluster, rediss+cluster and redis+unix",
            )?;
        if rest.contains('#') {
            return Err("it has no fragment: certificates are always checked");
        }
        if *scheme == "redis+unix" {
            let path = rest.split('?').next().unwrap_or_default();
            return Self::of(
                [Self::node(url_text(scheme, "", rest))?],
                *is_cluster,
                format!("{name}://{path}"),
            );
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (login, hosts) = match authority.rsplit_once('@') {
            Some((login, hosts)) => (Zeroizing::new(format!("{login}@")), hosts),
            None => (Zeroizing::new(String::new()), authority),
        };
        let nodes =
            hosts.split(',').map(|host| Self::node(url_text(scheme, &login, &format!("{host}{path}"))));
        let nodes = nodes.collect::<Result<Vec<_>, _>>()?;
        if nodes.len() > 1 && !is_cluster {
            return Err("several hosts are those of a cluster: write redis+cluster:// or rediss+cluster://");
        }
        Self::of(nodes, *is_cluster, format!("{name}://{hosts}"))
    }

    fn of(
        nodes: impl Into<Vec<ConnectionInfo>>,
        is_cluster: bool,
        label: String,
    ) -> Result<Self, &'static str> {
        let nodes = nodes.into();
        if is_cluster && nodes.iter().any(|node| node.redis_settings().db() != 0) {
            return Err("a cluster has one database: leave its number out (Redis Cluster specification)");
        }
        Ok(Self { nodes, is_cluster, label })
    }

    fn node(url: Zeroizing<String>) -> Result<ConnectionInfo, &'static str> {
        // What redis-rs says of an address could repeat it.
        let node = url.as_str().into_connection_info().map_err(|_| "it is no address of a Redis")?;
        let tcp = node.tcp_settings().clone().set_nodelay(true);
        Ok(node.set_tcp_settings(tcp))
    }

    /// Whether others on the way could read what is sent.
    pub(super) fn is_open(&self) -> bool {
        self.nodes.iter().any(|node| match node.addr() {
            ConnectionAddr::Tcp(host, _) => !is_loopback(host),
            _ => false,
        })
    }

    pub(super) fn has_tls(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node.addr(), ConnectionAddr::TcpTls { .. }))
    }

    pub(super) fn has_password(&self) -> bool {
        self.nodes.iter().any(|node| node.redis_settings().password().is_some())
    }

    /// The number of the database.
    pub(super) fn database(&self) -> i64 {
        self.nodes.first().map_or(0, |node| node.redis_settings().db())
    }

    /// For people: scheme and hosts.
    pub(super) fn label(&self) -> &str {
        &self.label
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.label)
    }
}

fn url_text(scheme: &str, login: &str, rest: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(scheme.len() + 3 + login.len() + rest.len()));
    for part in [scheme, "://", login, rest] {
        text.push_str(part);
    }
    text
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn one_node() {
        let address = Address::parse("rediss://us%40er:canary@redis.example/3").unwrap();
        let node = &address.nodes[0];
        assert_eq!(node.addr().to_string(), "redis.example:6379");
        assert_eq!(node.redis_settings().username(), Some("us@er"));
        assert_eq!(node.redis_settings().password(), Some("canary"));
        assert_eq!((address.database(), address.is_cluster, address.has_tls()), (3, false, true));
        assert_eq!(format!("{address:?}"), "rediss://redis.example");
    }

    #[test]
    fn a_cluster() {
        let address = Address::parse("redis+cluster://:canary@10.0.0.1:7000,[::1]:7001,c").unwrap();
        let nodes: Vec<_> = address.nodes.iter().map(|node| node.addr().to_string()).collect();
        assert_eq!(nodes, ["10.0.0.1:7000", "::1:7001", "c:6379"]);
        assert!(
            address.is_cluster
                && address.nodes.iter().all(|node| node.redis_settings().password() == Some("canary"))
        );
        assert_eq!(address.label(), "redis+cluster://10.0.0.1:7000,[::1]:7001,c");
    }

    #[test]
    fn a_socket() {
        let address = Address::parse("redis+unix:///run/redis.sock?db=2&pass=canary").unwrap();
        assert_eq!((address.label(), address.database()), ("redis+unix:///run/redis.sock", 2));
        assert!(!address.is_open() && address.has_password());
    }

    #[test]
    fn who_could_listen() {
        let is_open = |url: &str| Address::parse(url).unwrap().is_open();
        assert!(is_open("redis://redis.example") && is_open("redis+cluster://127.0.0.1,10.0.0.1"));
        assert!(
            !is_open("redis://localhost")
                && !is_open("redis://[::1]:1")
                && !is_open("rediss://redis.example")
        );
    }

    #[test]
    fn what_is_no_address_is_not_repeated() {
        for url in [
            "canary",
            "http://canary",
            "redis://",
            "redis://canary:port",
            "redis://:canary@a,b",
            "redis+cluster://:canary@a/1",
            "rediss://:canary@a#insecure",
            "redis://a/canary",
        ] {
            assert!(!Address::parse(url).unwrap_err().contains("canary"), "{url}");
        }
    }
}
