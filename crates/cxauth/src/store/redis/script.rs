//! What Redis does in one step. `KEYS[1]` is the lease and `KEYS[2]` the set, both in one hash slot.
//!
//! Every script may run twice: the answer to the first run can get lost, and then it is sent again.

/// Takes the lease if nobody else has it. `ARGV`: token, milliseconds.
pub(super) const TAKE: &str = "
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1";

/// Makes the lease longer if it is still there. `ARGV`: token, milliseconds.
pub(super) const EXTEND: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])";

/// Gives the lease back. `ARGV`: token.
pub(super) const RELEASE: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])";

/// Reads the set for the lease's holder, who starts with a whole lease then. `ARGV`: token, milliseconds.
pub(super) const LOAD: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('HMGET', KEYS[2], 'generation', 'sealed')";

/// Writes the set, if it does not go back. A generation is written over only by the lease's holder: whoever lost the lease
/// comes too late with it. It stays for ever, or leaves by itself. `ARGV`: token, generation, set, and in how many
/// milliseconds it leaves (0: never).
///
/// Generations have 20 digits, so that they compare as texts: Lua's numbers end at 2^53.
pub(super) const SAVE: &str = "
local stored = redis.call('HGET', KEYS[2], 'generation')
if stored and stored > ARGV[2] then return 0 end
if stored == ARGV[2]
  and redis.call('GET', KEYS[1]) ~= ARGV[1]
  and redis.call('HGET', KEYS[2], 'sealed') ~= ARGV[3]
then return 0 end
redis.call('HSET', KEYS[2], 'generation', ARGV[2], 'sealed', ARGV[3])
if ARGV[4] == '0' then redis.call('PERSIST', KEYS[2]) else redis.call('PEXPIRE', KEYS[2], ARGV[4]) end
return 1";
