//! The tokens of one server: families, rotation, reuse, expiry.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::clock::milliseconds;
use crate::jwt;
use crate::settings::{Rotation, Settings, TokenFormat};

/// Who holds a token, and for what.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) client: String,
    pub(crate) user: Option<String>,
    pub(crate) scopes: BTreeSet<String>,
    /// The resources that it is for (RFC 8707); empty: all that the server knows.
    pub(crate) audience: BTreeSet<String>,
    /// Who acts on the user's behalf (RFC 8693 §4.1).
    pub(crate) actor: Option<Value>,
    /// The thumbprint of the key that it is bound to (RFC 9449 §6).
    pub(crate) key: Option<String>,
}

/// An access token and what is known about it.
pub(crate) struct AccessToken {
    pub(crate) holder: Holder,
    /// Tokens that come from one grant are one family (RFC 9700 §4.14.2).
    family: u64,
    number: u64,
    issued_at_ms: i64,
    usable_from_ms: i64,
    expires_at_ms: i64,
    revoked: bool,
}

impl AccessToken {
    fn lives(&self, now_ms: i64) -> bool {
        !self.revoked && now_ms < self.expires_at_ms
    }

    pub(crate) fn works(&self, now_ms: i64) -> bool {
        self.lives(now_ms) && now_ms >= self.usable_from_ms
    }
}

struct RefreshToken {
    holder: Holder,
    family: u64,
    issued_at_ms: i64,
    expires_at_ms: i64,
    spent_at_ms: Option<i64>,
    revoked: bool,
    binding: Binding,
}

/// What a refresh has to prove (RFC 9449 §5).
#[derive(Clone)]
pub(crate) enum Binding {
    /// Nothing: the grant came without a proof.
    Free,
    /// Some key: the client authenticates itself, and the refresh token is bound to the client.
    AnyKey,
    /// The key of the grant: the client is a public one.
    Key(String),
}

/// What a token request asks for.
#[derive(Default)]
pub(crate) struct Asked {
    pub(crate) scopes: Option<BTreeSet<String>>,
    pub(crate) resources: BTreeSet<String>,
    /// The key that was proved.
    pub(crate) key: Option<String>,
}

/// A set of tokens as an answer tells it.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) expires_in: u64,
    pub(crate) refresh_token: Option<String>,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) family: u64,
    /// The access token is bound to a key.
    pub(crate) bound: bool,
    /// It was given out before: the platform renews only after expiry.
    pub(crate) same_again: bool,
    pub(crate) refresh_token_is_new: bool,
    pub(crate) within_grace: bool,
}

/// Why a refresh was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefreshRefusal {
    Unknown,
    Expired,
    Revoked,
    Reused { family_revoked: bool },
    ScopeWidened,
    ResourceWidened,
    ProofMissing,
    WrongKey,
}

/// What the server knows about a token of either kind.
pub(crate) struct Known<'a> {
    pub(crate) holder: &'a Holder,
    pub(crate) is_refresh_token: bool,
    pub(crate) issued_at_ms: i64,
    /// None: never.
    pub(crate) expires_at_ms: Option<i64>,
    pub(crate) active: bool,
}

#[derive(Default)]
pub(crate) struct Tokens {
    access: HashMap<String, AccessToken>,
    refresh: HashMap<String, RefreshToken>,
    made: u64,
    families: u64,
}

impl Tokens {
    pub(crate) fn access(&self, value: &str) -> Option<&AccessToken> {
        self.access.get(value)
    }

    pub(crate) fn knows(&self, value: &str) -> bool {
        self.access.contains_key(value) || self.refresh.contains_key(value)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &String> {
        self.access.keys().chain(self.refresh.keys())
    }

    pub(crate) fn revoke(&mut self, value: &str) -> bool {
        self.access.get_mut(value).is_some_and(|token| !std::mem::replace(&mut token.revoked, true))
    }

    pub(crate) fn find(&self, value: &str, now_ms: i64) -> Option<Known<'_>> {
        let access = self.access.get(value).map(|token| Known {
            holder: &token.holder,
            is_refresh_token: false,
            issued_at_ms: token.issued_at_ms,
            expires_at_ms: Some(token.expires_at_ms),
            active: token.works(now_ms),
        });
        let refresh = self.refresh.get(value).map(|token| Known {
            holder: &token.holder,
            is_refresh_token: true,
            issued_at_ms: token.issued_at_ms,
            expires_at_ms: (token.expires_at_ms != i64::MAX).then_some(token.expires_at_ms),
            active: !token.revoked && token.spent_at_ms.is_none() && now_ms < token.expires_at_ms,
        });
        access.or(refresh)
    }

    /// RFC 7009 §2.1: with a refresh token everything that came from the same grant goes too.
    pub(crate) fn revoke_either(&mut self, value: &str) {
        match self.refresh.get(value).map(|token| token.family) {
            Some(family) => self.revoke_family(family),
            None => {
                self.revoke(value);
            }
        }
    }

    pub(crate) fn revoke_access(&mut self) {
        self.access.values_mut().for_each(|token| token.revoked = true);
    }

    pub(crate) fn revoke_refresh(&mut self) {
        self.refresh.values_mut().for_each(|token| token.revoked = true);
    }

    /// A first set of tokens for a grant.
    pub(crate) fn grant(
        &mut self,
        settings: &Settings,
        holder: Holder,
        refresh_token: Option<Binding>,
        origin: &Origin,
        now_ms: i64,
    ) -> Issued {
        if settings.same_token_until_expiry
            && let Some((value, token)) =
                self.access.iter().find(|(_, token)| token.holder == holder && token.lives(now_ms))
        {
            let family = token.family;
            let remaining = u64::try_from(token.expires_at_ms - now_ms).unwrap_or(0) / 1000;
            return Issued {
                access_token: value.clone(),
                expires_in: remaining,
                refresh_token: None,
                bound: holder.key.is_some(),
                scopes: holder.scopes,
                family,
                same_again: true,
                refresh_token_is_new: false,
                within_grace: false,
            };
        }
        self.families += 1;
        let family = self.families;
        let access_token = self.make_access(settings, holder.clone(), family, origin, now_ms);
        let refresh_token = refresh_token
            .map(|binding| self.make_refresh(settings, (holder.clone(), binding), family, origin, now_ms));
        Issued {
            access_token,
            expires_in: shown_lifetime(settings),
            refresh_token_is_new: refresh_token.is_some(),
            refresh_token,
            bound: holder.key.is_some(),
            scopes: holder.scopes,
            family,
            same_again: false,
            within_grace: false,
        }
    }

    /// RFC 6749 §6, with rotation as the settings say.
    pub(crate) fn refresh(
        &mut self,
        settings: &Settings,
        value: &str,
        client: &str,
        asked: Asked,
        origin: &Origin,
        now_ms: i64,
    ) -> Result<Issued, RefreshRefusal> {
        let Some(token) = self.refresh.get(value).filter(|token| token.holder.client == client) else {
            return Err(RefreshRefusal::Unknown);
        };
        let family = token.family;
        if token.revoked {
            return Err(RefreshRefusal::Revoked);
        }
        let grace_ms = seconds(settings.grace);
        let within_grace = match token.spent_at_ms {
            Some(spent_at) if grace_ms > 0 && now_ms.saturating_sub(spent_at) <= grace_ms => true,
            Some(_) => {
                if settings.reuse_detection {
                    self.revoke_family(family);
                }
                return Err(RefreshRefusal::Reused { family_revoked: settings.reuse_detection });
            }
            None => false,
        };
        if now_ms >= token.expires_at_ms {
            return Err(RefreshRefusal::Expired);
        }
        let original = token.holder.clone();
        let Asked { scopes, resources, key } = asked;
        let binding = token.binding.clone();
        match (&binding, &key) {
            (Binding::AnyKey | Binding::Key(_), None) => return Err(RefreshRefusal::ProofMissing),
            (Binding::Key(bound_to), Some(key)) if bound_to != key => return Err(RefreshRefusal::WrongKey),
            _ => {}
        }
        if scopes.as_ref().is_some_and(|scopes| !scopes.is_subset(&original.scopes)) {
            return Err(RefreshRefusal::ScopeWidened);
        }
        if !original.audience.is_empty() && !resources.is_subset(&original.audience) {
            return Err(RefreshRefusal::ResourceWidened);
        }
        let holder = Holder {
            scopes: scopes.unwrap_or_else(|| original.scopes.clone()),
            audience: if resources.is_empty() { original.audience.clone() } else { resources },
            key,
            ..original.clone()
        };
        if settings.old_access_token_dies {
            let family_members = self.access.values_mut().filter(|token| token.family == family);
            family_members.for_each(|token| token.revoked = true);
        }
        let refresh_token = match settings.rotation {
            Rotation::Rotate => {
                if let Some(token) = self.refresh.get_mut(value) {
                    token.spent_at_ms.get_or_insert(now_ms);
                }
                Some(self.make_refresh(settings, (original, binding), family, origin, now_ms))
            }
            Rotation::Repeat => Some(value.to_owned()),
            Rotation::Keep => None,
        };
        Ok(Issued {
            access_token: self.make_access(settings, holder.clone(), family, origin, now_ms),
            expires_in: shown_lifetime(settings),
            refresh_token_is_new: settings.rotation == Rotation::Rotate,
            refresh_token,
            bound: holder.key.is_some(),
            scopes: holder.scopes,
            family,
            same_again: false,
            within_grace,
        })
    }

    pub(crate) fn revoke_family(&mut self, family: u64) {
        self.access
            .values_mut()
            .filter(|token| token.family == family)
            .for_each(|token| token.revoked = true);
        self.refresh
            .values_mut()
            .filter(|token| token.family == family)
            .for_each(|token| token.revoked = true);
    }

    fn make_access(
        &mut self,
        settings: &Settings,
        holder: Holder,
        family: u64,
        origin: &Origin,
        now_ms: i64,
    ) -> String {
        self.made += 1;
        let expires_at_ms = now_ms.saturating_add(seconds(settings.access_token_lifetime));
        let value = match settings.token_format {
            TokenFormat::Opaque => opaque("at", origin.platform, self.made),
            TokenFormat::Jwt => jwt::sign(&origin.base, &holder, self.made, now_ms, expires_at_ms),
        };
        if let Some(limit) = settings.max_access_tokens {
            self.make_room(limit, &holder.client, now_ms);
        }
        let token = AccessToken {
            holder,
            family,
            number: self.made,
            issued_at_ms: now_ms,
            usable_from_ms: now_ms.saturating_add(seconds(settings.access_token_lag)),
            expires_at_ms,
            revoked: false,
        };
        self.access.insert(value.clone(), token);
        value
    }

    fn make_room(&mut self, limit: usize, client: &str, now_ms: i64) {
        let mut living: Vec<&mut AccessToken> = self
            .access
            .values_mut()
            .filter(|token| token.holder.client == client && token.lives(now_ms))
            .collect();
        living.sort_by_key(|token| token.number);
        let surplus = (living.len() + 1).saturating_sub(limit);
        living.into_iter().take(surplus).for_each(|token| token.revoked = true);
    }

    fn make_refresh(
        &mut self,
        settings: &Settings,
        (holder, binding): (Holder, Binding),
        family: u64,
        origin: &Origin,
        now_ms: i64,
    ) -> String {
        self.made += 1;
        let value = opaque("rt", origin.platform, self.made);
        let expires_at_ms = settings
            .refresh_token_lifetime
            .map_or(i64::MAX, |lifetime| now_ms.saturating_add(seconds(lifetime)));
        let token = RefreshToken {
            holder,
            family,
            issued_at_ms: now_ms,
            expires_at_ms,
            spent_at_ms: None,
            revoked: false,
            binding,
        };
        self.refresh.insert(value.clone(), token);
        value
    }
}

/// Where tokens come from: part of their values.
pub(crate) struct Origin {
    pub(crate) platform: &'static str,
    pub(crate) base: String,
}

fn shown_lifetime(settings: &Settings) -> u64 {
    settings.access_token_lifetime.saturating_sub(settings.expires_in_shortfall)
}

pub(crate) fn seconds(count: u64) -> i64 {
    milliseconds(std::time::Duration::from_secs(count))
}

/// Recognisable as a canary, and never equal to a token of an earlier simulator on the same port.
pub(crate) fn opaque(kind: &str, platform: &str, number: u64) -> String {
    format!("cxauth-canary-{kind}-{platform}-{number}-{}", random_hex())
}

pub(crate) fn random_hex() -> String {
    let mut bytes = [0_u8; 12];
    // Without entropy the number alone keeps tokens apart, which is all that a simulator needs.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
