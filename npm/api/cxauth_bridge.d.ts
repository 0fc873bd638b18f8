/* tslint:disable */
/* eslint-disable */

/**
 * What a caller does, and with what.
 */
export class Acquired {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * From when on somebody else may lead another flight; for `Lead` and `Follow`.
     */
    deadline_ms(): number | undefined;
    /**
     * Why; for `Wait` and `Denied`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    error(): ErrorDetails;
    /**
     * The flight to lead or to follow; 0 for none.
     */
    flight(): number;
    /**
     * Whether a token is there: always when `Ready`, maybe when `Lead` or `Follow`.
     */
    has_token(): boolean;
    /**
     * What the caller does.
     */
    kind(): AcquiredKind;
    /**
     * The token.
     *
     * # Errors
     * With the reason when the kind is `Wait` or `Denied`, else `absent`.
     */
    token(): Token;
    /**
     * When to acquire again; for `Wait`.
     */
    until_ms(): number | undefined;
}

/**
 * What a caller does.
 */
export enum AcquiredKind {
    /**
     * Use the token.
     */
    Ready = 0,
    /**
     * Lead the flight: perform its steps. With a token the caller itself can go on meanwhile.
     */
    Lead = 1,
    /**
     * Somebody else is on it: go on with the token, or wait for the flight's end (at most until its deadline) and
     * acquire again.
     */
    Follow = 2,
    /**
     * Nothing is sent before `until_ms`.
     */
    Wait = 3,
    /**
     * Nothing will come before something is changed.
     */
    Denied = 4,
    /**
     * Nothing is to be done; only where nobody asked to do something.
     */
    Nothing = 5,
}

/**
 * One challenge.
 */
export class Challenge {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The names of the parameters, in lower case, each once.
     */
    parameter_names(): string[];
    /**
     * Their values, in the same order.
     */
    parameter_values(): string[];
    /**
     * The scheme in lower case, such as `bearer`.
     */
    scheme(): string;
    /**
     * The one value of schemes like `Negotiate`.
     */
    token68(): string | undefined;
}

/**
 * The challenges of one field value.
 */
export class Challenges {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * One of them, from 0.
     *
     * # Errors
     * `absent` when there are not so many.
     */
    at(index: number): Challenge;
    /**
     * How many there are; 0 when the field is malformed.
     */
    count(): number;
}

/**
 * One client at one server, checked.
 */
export class Connection {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Whether the token may be sent to this address.
     */
    allows(url: string): boolean;
    /**
     * Where the API lives, if it is known.
     */
    api_base(): string | undefined;
    /**
     * The absolute address of an API path, which starts at `Connection::api_base` unless it is absolute itself.
     *
     * # Errors
     * `missing_setting` without an `api_base`, `destination_refused` when the result may not see the token.
     */
    api_url(path: string): string;
    /**
     * Whether it asks the user's own function for tokens, instead of a server (the step `Provide`).
     */
    is_external(): boolean;
    /**
     * The platform's id.
     */
    platform(): string;
    /**
     * The scopes that are asked for.
     */
    scopes(): string[];
    /**
     * The platform's name as its maker writes it.
     */
    title(): string;
    /**
     * The token endpoint, if there is one.
     */
    token_endpoint(): string | undefined;
    /**
     * This connection with other values for the settings that the JSON object names, such as `scopes`.
     *
     * # Errors
     * As `open_connection`.
     */
    with_settings(json: string): Connection;
}

/**
 * The same as a value: why somebody waits, is denied, or a flight brought nothing.
 */
export class ErrorDetails {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * What to do next: `retry`, `sign_in`, `fix_configuration` or `report`.
     */
    action(): string;
    /**
     * The stable code, such as `invalid_client`; see `error_codes`.
     */
    code(): string;
    /**
     * What happened and what to do about it, in sentences.
     */
    explanation(): string;
    /**
     * When the session asks the server again, if it does so by itself.
     */
    retry_at_ms(): number | undefined;
    /**
     * The server's `error_description`, escaped and cut.
     */
    server_description(): string | undefined;
    /**
     * The server's `error` (RFC 6749 §5.2), escaped and cut.
     */
    server_error(): string | undefined;
    /**
     * The status of the answer that brought the error.
     */
    status(): number | undefined;
}

/**
 * How a step failed. For a request the difference matters: what may have been processed may have spent a refresh token.
 */
export enum FailureKind {
    /**
     * Nothing was sent; also for every step that is not a request.
     */
    Connect = 0,
    /**
     * No answer in time.
     */
    Timeout = 1,
    /**
     * Broken off.
     */
    Interrupted = 2,
}

/**
 * What a server says about a token. Of one that is not active nothing else is known.
 */
export class Introspection {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Whose client got it.
     */
    client_id(): string | undefined;
    /**
     * When it ends.
     */
    expires_at_ms(): number | undefined;
    /**
     * Whether the token is good at this server.
     */
    is_active(): boolean;
    /**
     * The whole answer, a JSON object. Where a server repeats a secret in it there is only `active`.
     */
    json(): string;
    /**
     * What it is good for.
     */
    scopes(): string[] | undefined;
    /**
     * Who it stands for, as the server knows them.
     */
    subject(): string | undefined;
    /**
     * Who it stands for, as a person reads it.
     */
    username(): string | undefined;
}

/**
 * What the client's key has to sign before a token may go to an API: one proof for each request, also when it is sent again.
 */
export class Proof {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * How the key signs, as of a step `Sign`.
     */
    algorithm(): string | undefined;
    /**
     * The value of the field `dpop` of that one request; empty when none is needed.
     */
    header_value(signature: Uint8Array | number[]): string;
    /**
     * Whether there is anything to sign: a token that is not bound goes without.
     */
    is_needed(): boolean;
    /**
     * Where the key is: its PEM (PKCS #8), or the function that signs.
     */
    key_source_kind(): SecretSourceKind;
    /**
     * The source's name, path, command with its arguments, entry, or function.
     */
    key_source_values(): string[];
    /**
     * What to sign; empty when nothing is.
     */
    signing_input(): Uint8Array;
}

/**
 * What to do with an API's answer.
 */
export enum Refusal {
    /**
     * Acquire a token again and send the request once more, once.
     */
    Retry = 0,
    /**
     * The answer is the caller's: another token would not change it.
     */
    Leave = 1,
}

/**
 * Where a secret is read.
 */
export enum SecretSourceKind {
    /**
     * An environment variable: its name.
     */
    Environment = 0,
    /**
     * A file: its path. One trailing line break is not part of the secret.
     */
    File = 1,
    /**
     * A program and its arguments. Its standard output, less one trailing line break, is the secret.
     */
    Command = 2,
    /**
     * An entry of the system's keychain, `service/account`.
     */
    Keychain = 3,
    /**
     * A function of the program's own: the name under which the driver knows it.
     */
    Function = 4,
    /**
     * Nowhere: the step is not `ReadSecret`.
     */
    Nothing = 5,
}

/**
 * The token lifecycle of one connection and one set of scopes: a machine without a clock, I/O or waiting. Any thread may
 * call it.
 *
 * A flight's leader calls `Session::next`, performs the step, says how it went with one of the `done` methods, and
 * goes on until the step is `Done`.
 */
export class Session {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The flight's leader is gone. The next acquire leads another one; an answer that comes all the same is taken.
     */
    abandon(now_ms: number, flight: number): void;
    /**
     * A caller wants a token. A usable token always wins: while there is one, nobody waits or is denied.
     */
    acquire(now_ms: number): Acquired;
    /**
     * Takes the tokens of a snapshot over when it is newer, and says whether it was.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`.
     */
    adopt(now_ms: number, snapshot: string): boolean;
    /**
     * Whether the token may be sent to this address.
     */
    allows(url: string): boolean;
    /**
     * The token, if one is usable: `Ready` or `Nothing`. It starts nothing: the hot path.
     */
    bearer(now_ms: number): Acquired;
    /**
     * Gives the settings that the JSON object names new values. A secret that is set anew, even to the same value, lifts
     * a verdict; another identity forgets the tokens.
     *
     * # Errors
     * As `open_connection`; nothing is changed then.
     */
    change(now_ms: number, json: string): void;
    /**
     * The connection as it stands, changes included.
     */
    connection(): Connection;
    /**
     * The step is done: `Lock`, `Save`, `Unlock`.
     */
    done(now_ms: number, flight: number): void;
    /**
     * The token endpoint's answer, its body decoded and at most one byte longer than `max_answer_bytes`: `Send`
     * and `Provide`.
     */
    done_answer(now_ms: number, flight: number, status: number, header_names: string[], header_values: string[], body: Uint8Array | number[]): void;
    /**
     * The step could not be done: any of them.
     */
    done_failed(now_ms: number, flight: number, failure: FailureKind): void;
    /**
     * The same with the reason in words, for the error that comes of it. There must be no secret in them.
     */
    done_failed_because(now_ms: number, flight: number, failure: FailureKind, why: string): void;
    /**
     * What the store holds, absent when it is empty: `Load`.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`. The step is still to be done then: put what is damaged aside,
     * never delete it, and say `Session::done_failed`.
     */
    done_loaded(now_ms: number, flight: number, snapshot?: string | null): void;
    /**
     * The secret: `ReadSecret`.
     */
    done_secret(now_ms: number, flight: number, secret: string): void;
    /**
     * The signature, as the algorithm's RFC has it: `Sign`.
     */
    done_signature(now_ms: number, flight: number, signature: Uint8Array | number[]): void;
    /**
     * The number of a flight that prepares a sign-in in a browser: its step `Authorize` says where the person goes and what to
     * keep meanwhile (RFC 6749 §4.1, RFC 7636, RFC 9126). `entropy` is 64 bytes of the operating system's, new each time.
     * `redirect_uri` takes the place of the connection's, for a listener on loopback whose port nobody knows before.
     *
     * # Errors
     * `missing_setting` and `invalid_setting`.
     */
    lead_authorization(now_ms: number, entropy: Uint8Array | number[], redirect_uri?: string | null): number;
    /**
     * The number of the flight that ends a sign-in: `sign_in` is what the step `Authorize` said to keep, `redirect` the whole
     * address that the browser came back to. A sign-in is used once, whatever comes of it: forget it.
     *
     * # Errors
     * `redirect_refused` when it is not the answer to this sign-in, `authorization_refused` and others when it says that the
     * person or the server refused, `sign_in_expired` after an hour.
     */
    lead_code(now_ms: number, sign_in: string, redirect: string): number;
    /**
     * The number of a flight that signs in on another device (RFC 8628): its steps `Prompt` and `Pause` say what to show and
     * how long to wait.
     *
     * # Errors
     * `missing_setting`.
     */
    lead_device_sign_in(now_ms: number): number;
    /**
     * The number of a flight that asks the server what a token is worth (RFC 7662). Nobody follows it.
     *
     * # Errors
     * `missing_setting` without an `introspection_endpoint`, `invalid_setting` when the text can be no token.
     */
    lead_introspection(now_ms: number, token: string): number;
    /**
     * The same, and the number of a flight that tells who must know: it locks the store, revokes the tokens at the server
     * where the connection has a `revocation_endpoint` (RFC 7009), and saves an empty set, so that every process that shares
     * the store drops its own. Nobody follows it; its `Done` says what did not work, and the tokens are forgotten in any case.
     */
    lead_sign_out(now_ms: number): number;
    /**
     * What `Session::acquire` would say, without asking for anything; `Nothing` where it would lead.
     */
    look(now_ms: number): Acquired;
    /**
     * What the flight's leader does next. It says the same until it is told how that went.
     */
    next(now_ms: number, flight: number): Step;
    /**
     * When background work is next due; absent for never, or not before somebody asks.
     */
    next_wakeup_ms(): number | undefined;
    /**
     * An API's answer carried this in the field `dpop-nonce`: say so for each one that does, before anything else
     * (RFC 9449 §9).
     */
    note_nonce(url: string, nonce: string): void;
    /**
     * The oldest event that was not polled yet; of the kind `Nothing` when there is none.
     */
    poll_event(): SessionEvent;
    /**
     * What the client's key has to sign before the token may go to this address with this method (RFC 9449 §7.1).
     *
     * # Errors
     * `destination_refused` when the address may not see the token.
     */
    prove(now_ms: number, token: Token, method: string, url: string): Proof;
    /**
     * An API refused the token of this generation. `www_authenticate` are the values of that field, `body_start` is as
     * much of the body as the driver has at hand. Nothing is started here: the next acquire renews.
     */
    refused(now_ms: number, generation: number, status: number, www_authenticate: string[], body_start: Uint8Array | number[]): Refusal;
    /**
     * Forgets the tokens and ends every flight; a late answer is dropped.
     */
    sign_out(now_ms: number): void;
    /**
     * The tokens and the back-off as text that is all secret, for a store, another process or another tab.
     */
    snapshot(): string;
    /**
     * How the session stands.
     */
    state(now_ms: number): SessionState;
    /**
     * What the server said to that flight, once; for one whose `Done` came without an error.
     *
     * # Errors
     * `absent` otherwise.
     */
    take_introspection(flight: number): Introspection;
    /**
     * The same without asking for it: whoever only looks keeps no background renewal alive.
     */
    usable(now_ms: number): Acquired;
    /**
     * The background's turn, at `Session::next_wakeup_ms` or earlier: `Lead`, `Follow` or `Nothing`. It does not count
     * as asking, and after one lifetime in which nobody asked it stops.
     */
    wake(now_ms: number): Acquired;
}

/**
 * One thing that happened, for logs, metrics and pages. It carries no secret.
 */
export class SessionEvent {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * When.
     */
    at_ms(): number | undefined;
    /**
     * Why.
     *
     * # Errors
     * `absent` where `SessionEvent::has_error` says so.
     */
    error(): ErrorDetails;
    /**
     * The generation of the token that it is about; 0 when there is none.
     */
    generation(): number;
    /**
     * Whether it says why.
     */
    has_error(): boolean;
    /**
     * What happened.
     */
    kind(): SessionEventKind;
    /**
     * When what it is about ends; absent when that is unknown or never.
     */
    until_ms(): number | undefined;
}

/**
 * What happened.
 */
export enum SessionEventKind {
    /**
     * A new set of tokens is in service.
     */
    Renewed = 0,
    /**
     * A renewal failed, and there is nothing usable.
     */
    Waiting = 1,
    /**
     * A renewal or a save failed, and a token still serves.
     */
    Degraded = 2,
    /**
     * An API refused the token.
     */
    Refused = 3,
    /**
     * There is no way to a token any more before somebody signs in.
     */
    SignedOut = 4,
    /**
     * What cannot be renewed before it ends will end in 30, 14, 7 or 1 days.
     */
    Expiring = 5,
    /**
     * Something that this version of the interface has no word for.
     */
    Other = 6,
    /**
     * Nothing more happened.
     */
    Nothing = 7,
}

/**
 * How a session stands.
 */
export enum SessionState {
    /**
     * No usable token; the next caller leads a flight.
     */
    Empty = 0,
    /**
     * No usable token; a flight is under way.
     */
    Renewing = 1,
    /**
     * A token serves, and nothing is due.
     */
    Fresh = 2,
    /**
     * A token serves; the next caller leads a flight.
     */
    Due = 3,
    /**
     * A token serves; a flight is under way.
     */
    RenewingEarly = 4,
    /**
     * A token serves; its renewal failed and is held back.
     */
    Degraded = 5,
    /**
     * No usable token; the renewal is held back.
     */
    Waiting = 6,
    /**
     * No usable token; nothing will come before something is changed.
     */
    Denied = 7,
}

/**
 * What a flight's leader does next, and with what.
 */
export class Step {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * How the key signs: `ES256` (64 bytes, `r` and `s`; RFC 7518 §3.4), `RS256`, `PS256` or `EdDSA`; for `Sign`.
     */
    algorithm(): string | undefined;
    /**
     * Where the person signs in; for `Authorize`.
     */
    authorization_url(): string | undefined;
    /**
     * Why it brought nothing; for `Done`, where `Step::has_error` says so.
     *
     * # Errors
     * `absent` otherwise.
     */
    error(): ErrorDetails;
    /**
     * Whether the flight is over and brought nothing.
     */
    has_error(): boolean;
    /**
     * What the leader does.
     */
    kind(): StepKind;
    /**
     * What to send; for `Send`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    request(): TokenRequest;
    /**
     * Which secret to read, such as `client_secret`; for `ReadSecret`.
     */
    secret_name(): string | undefined;
    /**
     * Where to read it; for `Sign`, where the key is: its PEM (PKCS #8), or the function that signs.
     */
    secret_source_kind(): SecretSourceKind;
    /**
     * The source's name, path, command with its arguments, entry, or function.
     */
    secret_source_values(): string[];
    /**
     * What to keep until the browser is back, and to give to `Session::lead_code` then: text that is all secret; for
     * `Authorize`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    sign_in(): string;
    /**
     * What to sign; for `Sign`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    signing_input(): Uint8Array;
    /**
     * What to save: text that is all secret; for `Save`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    snapshot(): string;
    /**
     * Until when the code of `Prompt` works, and until when `Pause` does nothing.
     */
    until_ms(): number | undefined;
    /**
     * What the person enters on another device; for `Prompt`.
     */
    user_code(): string | undefined;
    /**
     * Where the person enters it; for `Prompt`.
     */
    verification_uri(): string | undefined;
    /**
     * The same with the code in it, for a QR code; for `Prompt`, where the server has it.
     */
    verification_uri_complete(): string | undefined;
}

/**
 * What a flight's leader does next.
 */
export enum StepKind {
    /**
     * Lock the store, then `done`.
     */
    Lock = 0,
    /**
     * Read the store under the lock, then `done_loaded`.
     */
    Load = 1,
    /**
     * Read a secret from its source, then `done_secret`.
     */
    ReadSecret = 2,
    /**
     * Ask the user's own function for a token, then `done_answer` with a body as of a token endpoint.
     */
    Provide = 3,
    /**
     * Sign the `signing_input` with the key that the secret's source names, by the `algorithm`, then `done_signature`.
     */
    Sign = 4,
    /**
     * Send the request as it is and follow no redirect, then `done_answer`.
     */
    Send = 5,
    /**
     * Send the person to `authorization_url` in the system's browser, keep `sign_in` until the browser is back, then `done`.
     */
    Authorize = 6,
    /**
     * Show the person `user_code` and where to enter it, then `done` at once.
     */
    Prompt = 7,
    /**
     * Do nothing until `until_ms`, then `done`.
     */
    Pause = 8,
    /**
     * Make the snapshot durable, then `done`.
     */
    Save = 9,
    /**
     * Unlock the store, then `done`.
     */
    Unlock = 10,
    /**
     * The flight is over: every caller that waited for it acquires again.
     */
    Done = 11,
}

/**
 * An access token with what a request needs to carry it. It prints nothing secret.
 */
export class Token {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The names of the other fields that every API request carries, in lower case.
     */
    api_header_names(): string[];
    /**
     * Their values, in the same order. None of them is secret.
     */
    api_header_values(): string[];
    /**
     * When the server ends it; absent when that is unknown.
     */
    expires_at_ms(): number | undefined;
    /**
     * Until when it can be used without asking the session: from then on a renewal is due.
     */
    fresh_until_ms(): number | undefined;
    /**
     * Which token of its session it is, for `Session::refused`. Later ones have higher numbers.
     */
    generation(): number;
    /**
     * The name of the header field that carries it, in lower case.
     */
    header_name(): string;
    /**
     * That field's value, such as `Bearer …`: a secret.
     */
    header_value(): string;
    /**
     * Whether it is bound to the client's key: each request needs a proof beside it, see `Session::prove`.
     */
    is_bound(): boolean;
    /**
     * What was granted; absent when neither the answer nor the connection names any scope (RFC 6749 §3.3).
     */
    scopes(): string[] | undefined;
    /**
     * Until when a session hands it out: a little before its end.
     */
    usable_until_ms(): number | undefined;
    /**
     * The token's text: a secret.
     */
    value(): string;
}

/**
 * A request to a token endpoint. It carries secrets and prints none.
 */
export class TokenRequest {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The body: a secret.
     */
    body(): Uint8Array;
    /**
     * The names of the header fields, in lower case.
     */
    header_names(): string[];
    /**
     * Their values, in the same order. That of `authorization` is a secret.
     */
    header_values(): string[];
    /**
     * `POST`, always (RFC 6749 §3.2).
     */
    method(): string;
    /**
     * The token endpoint. No secret is in it (RFC 6749 §2.3.1).
     */
    url(): string;
}

/**
 * Every code that an error may carry, in the order of the glossary.
 */
export function error_codes(): string[];

/**
 * The longest body of a token endpoint's answer that is read. A driver stops reading after one byte more and hands over
 * what it has.
 */
export function max_answer_bytes(): number;

/**
 * The longest metadata document that is read. A driver stops reading after one byte more and hands over what it has.
 */
export function max_metadata_bytes(): number;

/**
 * Where an issuer keeps its metadata (RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4). Try one after the other with `GET` and
 * `accept: application/json`, follow no redirect, and take the first answer that `read_metadata` takes.
 *
 * # Errors
 * `invalid_setting` and `insecure_url`.
 */
export function metadata_addresses(issuer: string): string[];

/**
 * Reads a connection from a JSON object: a platform (or `generic`), the credentials, and any setting of the platform's
 * profile.
 *
 * # Errors
 * Codes with the action `fix_configuration`; the explanation names the setting.
 */
export function open_connection(json: string): Connection;

/**
 * A session without tokens. `entropy` (16 bytes or more of the operating system's) spreads renewals and retries over
 * time. With `store` each flight locks the store, reads it before it sends, and saves what it brought.
 */
export function open_session(connection: Connection, now_ms: number, entropy: Uint8Array | number[], store: boolean): Session;

/**
 * Reads one value of the field, strictly: what is malformed holds no challenge.
 */
export function parse_challenges(field: string): Challenges;

/**
 * The platforms that cxauth knows.
 */
export function platforms(): string[];

/**
 * The settings that a metadata document stands for, as the text of a JSON object.
 *
 * # Errors
 * `metadata_refused`: keep nothing of it then.
 */
export function read_metadata(issuer: string, status: number, body: Uint8Array | number[]): string;

/**
 * A session that goes on from a snapshot. A snapshot of another client, user or server gives no tokens.
 *
 * # Errors
 * `snapshot_damaged` and `snapshot_from_newer_version`.
 */
export function restore_session(connection: Connection, now_ms: number, entropy: Uint8Array | number[], store: boolean, snapshot: string): Session;

/**
 * Whether the redirect carries the state of this sign-in, so that a program with several under way finds the right one.
 *
 * # Errors
 * `redirect_refused` when what was kept cannot be read.
 */
export function sign_in_is_answered_by(sign_in: string, redirect: string): boolean;

/**
 * The generation of a snapshot: a store never replaces one by an older one.
 *
 * # Errors
 * `snapshot_damaged` and `snapshot_from_newer_version`.
 */
export function snapshot_generation(snapshot: string): number;
