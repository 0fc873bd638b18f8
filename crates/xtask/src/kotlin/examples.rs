//! The Kotlin in a page of the documentation, word for word.

/// What stands before a piece of a program: the names that it uses.
const BEFORE: &str = "\
import given.Given
import given.User
import io.github.cxauth.*
import io.ktor.client.HttpClient
import io.ktor.client.call.body
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.request.get
import java.time.Duration
import java.time.Instant
import kotlinx.coroutines.launch
import okhttp3.OkHttpClient
import okhttp3.Request

suspend fun CxClientBuilder.piece(given: Given): Unit = with(given) {
";

/// The blocks that are whole programs.
pub(super) fn programs(page: &str) -> Vec<String> {
    blocks(page).into_iter().filter(|block| is_program(block)).collect()
}

/// The others, each as a file that can be compiled.
pub(super) fn pieces(page: &str) -> Vec<String> {
    let pieces = blocks(page).into_iter().filter(|block| !is_program(block));
    pieces.map(|block| format!("{BEFORE}{block}}}\n")).collect()
}

fn is_program(block: &str) -> bool {
    block.lines().any(|line| line.contains("fun main("))
}

/// What stands between "```kotlin" and "```".
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match &mut open {
            None if line == "```kotlin" => open = Some(String::new()),
            None => {}
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => {
                block.push_str(line);
                block.push('\n');
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::{pieces, programs};

    #[test]
    fn programs_are_taken_word_for_word_and_parts_of_one_are_not() {
        let page = "# Title\n```kotlin\nfun main() {\n    run()\n}\n```\ntext\n```kotlin\nval part = 1\n```\n\
                    ```java\nfun main()\n```\n```kotlin\nsuspend fun main() {}\n```\n";
        assert_eq!(programs(page), ["fun main() {\n    run()\n}\n", "suspend fun main() {}\n"]);
        let [piece] = &*pieces(page) else { panic!("one piece") };
        assert!(piece.starts_with("import ") && piece.ends_with("{\nval part = 1\n}\n"), "{piece}");
    }
}
