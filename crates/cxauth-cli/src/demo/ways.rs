//! The ways in, and what is expected of each.

use cxauth_sim::Platform;
use http::Method;

pub(super) struct Way {
    pub(super) name: &'static str,
    pub(super) platform: Platform,
    /// The simulator's name of the connection.
    pub(super) connection: &'static str,
    pub(super) sign_in: SignIn,
    pub(super) call: Call,
    pub(super) renewal: Renewal,
    pub(super) fault: Fault,
}

pub(super) enum SignIn {
    /// By a token request with this grant.
    Grant(&'static str),
    /// Without a token request.
    Key,
}

/// An API request, and what its answer holds.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: &'static str,
    /// A JSON pointer into the answer, to a list or a value.
    pub(super) pointer: &'static str,
    /// How many the list has; 1 for a value.
    pub(super) count: usize,
    pub(super) what: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Renewal {
    /// Early, with a refresh token.
    ByRefreshToken,
    /// Early, by the grant again.
    ByGrant,
    /// Once the token has expired, because before there is nothing new.
    AfterExpiry,
    Never,
}

pub(super) enum Fault {
    TokenRevoked,
    ServerErrorTwice,
    KeyRefusedOnce,
    RateLimited,
    AnswerLost,
    RotationLost,
}

const USERS: Call = Call {
    method: Method::GET,
    path: "user/page?pageIndex=1&pageSize=25",
    pointer: "/data/list",
    count: 25,
    what: "users",
};

pub(super) const WAYS: [Way; 6] = [
    Way {
        name: "CloudCX, username",
        platform: Platform::CloudCx,
        connection: "cloudcx",
        sign_in: SignIn::Grant("password"),
        call: USERS,
        renewal: Renewal::ByRefreshToken,
        fault: Fault::TokenRevoked,
    },
    Way {
        name: "CloudCX, email",
        platform: Platform::CloudCx,
        connection: "cloudcx/public-client",
        sign_in: SignIn::Grant("password"),
        call: USERS,
        renewal: Renewal::ByGrant,
        fault: Fault::ServerErrorTwice,
    },
    Way {
        name: "CloudCX, API key",
        platform: Platform::CloudCx,
        connection: "cloudcx/api-key",
        sign_in: SignIn::Key,
        call: USERS,
        renewal: Renewal::Never,
        fault: Fault::KeyRefusedOnce,
    },
    Way {
        name: "Cisco CX Cloud",
        platform: Platform::CiscoCxCloud,
        connection: "cisco-cx-cloud",
        sign_in: SignIn::Grant("client_credentials"),
        call: Call {
            method: Method::GET,
            path: "inventory/hardware?page=1&rows=50",
            pointer: "/items",
            count: 50,
            what: "devices",
        },
        renewal: Renewal::ByGrant,
        fault: Fault::RateLimited,
    },
    Way {
        name: "Sangoma CX",
        platform: Platform::SangomaCx,
        connection: "sangoma-cx",
        sign_in: SignIn::Grant("client_credentials"),
        call: Call {
            method: Method::POST,
            path: "api/v1/agents/call/",
            pointer: "/status",
            count: 1,
            what: "call queued",
        },
        renewal: Renewal::AfterExpiry,
        fault: Fault::AnswerLost,
    },
    Way {
        name: "CloudLX",
        platform: Platform::CloudLx,
        connection: "cloudlx",
        sign_in: SignIn::Grant("client_credentials"),
        call: Call { method: Method::GET, path: "services", pointer: "/data", count: 15, what: "services" },
        renewal: Renewal::ByRefreshToken,
        fault: Fault::RotationLost,
    },
];
