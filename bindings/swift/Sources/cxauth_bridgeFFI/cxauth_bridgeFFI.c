// Generated from crates/cxauth-bridge by `cargo xtask interface`: do not edit.

#include "cxauth_bridgeFFI.h"
