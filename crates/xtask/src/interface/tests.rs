//! A small interface in every language, and each way in which a language can differ from it.

use super::{
    javascript, kotlin,
    model::Interface,
    python,
    surface::{self, Style, Surface, expected, introspected},
    swift,
};
use crate::workspace::Workspace;

const ROOT: &str = "mod flight; pub use flight::{FlightKind, Flight, AuthError, open_flight};";
const MODULE: &str = r#"
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub enum FlightKind { SignedOut, Ready }

#[cfg_attr(feature = "uniffi", derive(uniffi::Error))]
pub enum AuthError { Failed { code: String, retry_at_ms: Option<f64> } }

#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Flight(Private);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Flight {
    /// Its kind, see [`crate::open_flight`].
    ///
    /// More of it.
    pub fn kind(&self) -> FlightKind { todo() }
    pub fn end_it(&self, now_ms: f64, names: Vec<String>, body: Vec<u8>, note: Option<String>) {}
}

impl Flight { pub(crate) fn private(&self) {} }

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn open_flight(other: &Flight, number: u32) -> Result<Flight, AuthError> { todo() }
"#;

const KOTLIN: &str = r#"
internal object UniffiLib { fun ignored() {} }
private fun findLibraryName(name: String): String { return name }
internal fun uniffiEnsureInitialized() {}
internal inline fun <T : Disposable?, R> T.use(block: (T) -> R) = block(this)
internal interface FlightInterface { fun `kind`(): FlightKind }
internal open class Flight: Disposable, AutoCloseable, FlightInterface {
    override fun destroy() { if (true) { } }
    override fun close() { }
    override fun `kind`(): FlightKind { return lift(1) }
    override fun `endIt`(`nowMs`: kotlin.Double, `names`: List<kotlin.String>, `body`: kotlin.ByteArray, `note`: kotlin.String?)
        = callWithHandle { 1 }
}
internal enum class FlightKind { SIGNED_OUT, READY; companion object }
internal sealed class AuthException: kotlin.Exception() {
    class Failed(val `code`: kotlin.String, val `retryAtMs`: kotlin.Double?) : AuthException() { val message = "${ `code` }" }
}
@Throws(AuthException::class) internal fun `openFlight`(`other`: Flight, `number`: kotlin.UInt): Flight { return lift(1) }
"#;

const SWIFT: &str = r#"
fileprivate struct FfiConverterDouble {}
public struct FfiConverterTypeFlight {}
public func FfiConverterTypeFlight_lift(_ handle: UInt64) throws -> Flight { return Flight() }
public func uniffiEnsureInitialized() {}
public protocol FlightProtocol: AnyObject { func kind() -> FlightKind }
open class Flight: FlightProtocol, @unchecked Sendable {
    public func uniffiCloneHandle() -> UInt64 { return 1 }
open func kind() -> FlightKind  { return lift(1) }
open func endIt(nowMs: Double, names: [String], body: Data, note: String?)  {try! rustCall() { }}
}
public enum FlightKind: Equatable, Hashable {
    case signedOut
    case ready
}
public
enum AuthError: Swift.Error, Equatable {
    case Failed(code: String, retryAtMs: Double?)
}
public func openFlight(other: Flight, number: UInt32)throws  -> Flight  { return lift(1) }
"#;

const JAVASCRIPT: &str = "
export class Flight {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /** Ends it; for good. */
    end_it(now_ms: number, names: string[], body: Uint8Array | number[], note?: string | null): void;
    kind(): FlightKind;
}
export enum FlightKind {
    SignedOut = 0,
    Ready = 1,
}
export function open_flight(other: Flight, number: number): Flight;
";

const LOADED_IN_NODE: &str = "AuthError\tcode,explanation,name,retry_at_ms,stack\n";

const LOADED_IN_PYTHON: &str = "\
open_flight\t(other,number)
Flight\tclass
Flight.kind\t()
Flight.end_it\t(now_ms,names,body,note)
FlightKind\tenum
FlightKind.SignedOut\tvariant
FlightKind.Ready\tvariant
AuthError\targs,code,retry_at_ms,with_traceback
";

fn interface() -> Interface {
    Interface::parse(ROOT, &[MODULE.to_owned()]).expect("the small interface is one")
}

fn gaps(language: &str, style: &Style, found: &Surface) -> Vec<String> {
    surface::gaps(language, style.besides, &expected(&interface(), style), found)
}

fn kotlin_gaps(source: &str) -> Vec<String> {
    gaps("Kotlin", &kotlin::STYLE, &kotlin::surface(source))
}

fn swift_gaps(source: &str) -> Vec<String> {
    gaps("Swift", &swift::STYLE, &swift::surface(source))
}

fn javascript_gaps(source: &str, loaded: &str) -> Vec<String> {
    let mut found = javascript::surface(source);
    found.extend(introspected(loaded, &interface()));
    gaps("JavaScript", &javascript::STYLE, &found)
}

fn python_gaps(loaded: &str, stub: &str) -> Vec<String> {
    let found =
        python::without_by_hand(introspected(loaded, &interface()), stub).expect("the stub has its marks");
    gaps("Python", &python::STYLE, &found)
}

/// Each change of the source is found, as one difference that names the language and the item.
fn each_is_found(source: &str, gaps: impl Fn(&str) -> Vec<String>, changes: &[(&str, &str, &str)]) {
    assert_eq!(gaps(source), Vec::<String>::new());
    for (from, to, gap) in changes {
        let changed = source.replacen(from, to, 1);
        assert_ne!(changed, source, "nothing is `{from}`");
        assert_eq!(gaps(&changed), [*gap]);
    }
}

#[test]
fn kotlin_is_compared() {
    each_is_found(
        KOTLIN,
        kotlin_gaps,
        &[
            ("override fun `kind`", "fun `other`", "Kotlin lacks Flight.kind"),
            (
                "`nowMs`: kotlin.Double",
                "`nowMs`: kotlin.Long",
                "Kotlin has Flight.endIt as `(nowMs:Long,names:List<String>,body:ByteArray,note:String?)` instead of `(nowMs:Double,names:List<String>,body:ByteArray,note:String?)`",
            ),
            ("SIGNED_OUT, ", "", "Kotlin lacks FlightKind.SIGNED_OUT"),
            ("READY;", "READY, GONE;", "Kotlin has FlightKind.GONE (`variant`), which the bridge has not"),
            (
                "@Throws(AuthException::class) ",
                "",
                "Kotlin has openFlight as `(other:Flight,number:UInt):Flight` instead of `(other:Flight,number:UInt):Flight throws AuthException`",
            ),
            ("internal fun `openFlight`", "private fun `openFlight`", "Kotlin lacks openFlight"),
            (
                ", val `retryAtMs`: kotlin.Double?",
                "",
                "Kotlin has AuthException.Failed as `(code:String)` instead of `(code:String,retryAtMs:Double?)`",
            ),
            (
                "internal enum",
                "internal data class Secret(val value: String)\ninternal enum",
                "Kotlin has Secret (`data class, which prints its fields`), which the bridge has not",
            ),
        ],
    );
}

#[test]
fn swift_is_compared() {
    each_is_found(
        SWIFT,
        swift_gaps,
        &[
            ("open func kind", "func kind", "Swift lacks Flight.kind"),
            (
                "note: String?",
                "note: String",
                "Swift has Flight.endIt as `(nowMs:Double,names:[String],body:Data,note:String)` instead of `(nowMs:Double,names:[String],body:Data,note:String?)`",
            ),
            ("case signedOut", "", "Swift lacks FlightKind.signedOut"),
            (
                "case ready",
                "case ready\n    case gone",
                "Swift has FlightKind.gone (`variant`), which the bridge has not",
            ),
            (
                "UInt32)throws",
                "UInt32)",
                "Swift has openFlight as `(other:Flight,number:UInt32)->Flight` instead of `(other:Flight,number:UInt32)throws->Flight`",
            ),
            ("public func openFlight", "func openFlight", "Swift lacks openFlight"),
            (
                "code: String, ",
                "",
                "Swift has AuthError.Failed as `(retryAtMs:Double?)` instead of `(code:String,retryAtMs:Double?)`",
            ),
            (
                "open class",
                "public struct Secret { let value: String }\nopen class",
                "Swift has Secret (`struct, which prints its fields`), which the bridge has not",
            ),
        ],
    );
}

#[test]
fn javascript_is_compared() {
    each_is_found(
        JAVASCRIPT,
        |source| javascript_gaps(source, LOADED_IN_NODE),
        &[
            ("kind(): FlightKind;", "", "JavaScript lacks Flight.kind"),
            (
                "kind(): FlightKind",
                "kind(): number",
                "JavaScript has Flight.kind as `():number` instead of `():FlightKind`",
            ),
            ("    SignedOut = 0,", "", "JavaScript lacks FlightKind.SignedOut"),
            (
                "free(): void;",
                "free(): void;\n    other(): void;",
                "JavaScript has Flight.other (`():void`), which the bridge has not",
            ),
            ("export function", "function", "JavaScript lacks open_flight"),
            (
                "export class",
                "export interface Other {}\nexport class",
                "JavaScript has Other (`interface`), which the bridge has not",
            ),
        ],
    );
    each_is_found(
        LOADED_IN_NODE,
        |loaded| javascript_gaps(JAVASCRIPT, loaded),
        &[("retry_at_ms,", "", "JavaScript has AuthError as `(code)` instead of `(code,retry_at_ms)`")],
    );
}

#[test]
fn python_is_compared() {
    let stub = python::renew("class Client:\n    ...\n", &interface()).expect("the stub has no marks yet");
    each_is_found(
        LOADED_IN_PYTHON,
        |loaded| python_gaps(loaded, &stub),
        &[
            ("open_flight\t(other,number)\n", "", "Python lacks open_flight"),
            (
                "(now_ms,names",
                "(names",
                "Python has Flight.end_it as `(names,body,note)` instead of `(now_ms,names,body,note)`",
            ),
            ("FlightKind.Ready\tvariant\n", "", "Python lacks FlightKind.Ready"),
            (
                "Flight\tclass\n",
                "Flight\tclass\nFlight.other\t()\n",
                "Python has Flight.other (`()`), which neither the bridge has nor the stub outside of its marks",
            ),
            ("code,", "", "Python has AuthError as `(retry_at_ms)` instead of `(code,retry_at_ms)`"),
        ],
    );
    let with_client = format!("{LOADED_IN_PYTHON}Client\tclass\nClient.token\t()\n");
    assert_eq!(python_gaps(&with_client, &stub), Vec::<String>::new());
    assert_eq!(python_gaps(&with_client, "").len(), 1);
}

#[test]
fn the_stub_keeps_what_is_written_by_hand() {
    let first = python::renew("before = 1\n", &interface()).expect("the stub has no marks yet");
    let second =
        python::renew(&("import os\n".to_owned() + &first), &interface()).expect("the stub has its marks");
    assert_eq!(second, "import os\n".to_owned() + &first);
    assert!(first.ends_with("before = 1\n"));
    assert!(python::renew(&first.replace("# Until here generated.\n", ""), &interface()).is_err());
}

#[test]
fn the_stub_is_typed_and_documented() {
    let stub = python::renew("", &interface()).expect("the stub has no marks yet");
    for part in [
        "    def kind(self) -> FlightKind:\n        \"\"\"Its kind, see `open_flight`.\"\"\"\n",
        "names: Sequence[str]",
        "body: bytes | bytearray",
        "note: str | None",
        "    Ready: ClassVar[FlightKind]\n",
        "def open_flight(other: Flight, number: int) -> Flight:\n    \"\"\"\n\n    Raises `cxauth.AuthError`.\n",
    ] {
        assert!(stub.contains(part), "{part} is not in\n{stub}");
    }
    assert!(!stub.contains("More of it") && !stub.contains("private"));
}

#[test]
fn what_not_every_language_has_is_refused_in_the_source() {
    let cases = [
        ("number: u32", "number: u64", "the type u64"),
        ("names: Vec<String>", "names: Vec<Flight>", "count and an accessor"),
        ("note: Option<String>", "note: Option<Flight>", "a kind and an accessor"),
        ("other: &Flight", "other: &str", "the type str"),
        ("SignedOut, Ready", "SignedOut(u32), Ready", "has data"),
        ("pub fn kind(&self)", "pub async fn kind(&self)", "async"),
        ("pub fn kind(&self)", "pub fn kind()", "constructors are free functions"),
        ("pub fn kind(&self)", "fn kind(&self)", "not public"),
        (
            "uniffi::export)]\n#[cfg_attr(feature = \"python\", pyo3::pyfunction)]",
            "uniffi::export)]",
            "lacks the attribute for python",
        ),
    ];
    for (from, to, reason) in cases {
        let changed = MODULE.replacen(from, to, 1);
        assert_ne!(changed, MODULE, "nothing is `{from}`");
        let error = Interface::parse(ROOT, &[changed]).expect_err(to);
        assert!(format!("{error:#}").contains(reason), "{error:#}");
    }
    let parse =
        |root: String| Interface::parse(&root, &[MODULE.to_owned()]).map_err(|error| error.to_string());
    assert!(parse(ROOT.replace("Flight, ", "")).is_err_and(|error| error.contains("name it in lib.rs")));
    assert!(
        parse(ROOT.replace("Flight, ", "Flight, Other, ")).is_err_and(|error| error.contains("to Rust only"))
    );
}

#[test]
fn what_is_committed_has_all_of_the_interface() {
    let workspace = Workspace::here();
    let read = |path: &str| std::fs::read_to_string(workspace.path(path)).expect(path);
    let interface = Interface::read(&workspace.path("crates/cxauth-bridge/src")).expect("the bridge is read");
    let compare = |language: &str, style: &Style, found: Surface| {
        assert_eq!(
            surface::gaps(language, style.besides, &expected(&interface, style), &found),
            Vec::<String>::new()
        );
    };
    compare("Kotlin", &kotlin::STYLE, kotlin::surface(&read(kotlin::PATH)));
    compare("Swift", &swift::STYLE, swift::surface(&read(swift::SOURCE)));
    let mut declared = javascript::surface(&read(javascript::PATH));
    declared.extend(introspected(
        "AuthError\tcode,action,explanation,retry_at_ms,status,server_error,server_description",
        &interface,
    ));
    compare("JavaScript", &javascript::STYLE, declared);
    let stub = read(python::PATH);
    assert_eq!(python::renew(&stub, &interface).expect("the stub has its marks"), stub);
}
