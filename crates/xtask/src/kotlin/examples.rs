//! The programs in a page of the documentation.

/// The blocks in Kotlin that are whole programs, word for word.
pub(super) fn programs(page: &str) -> Vec<String> {
    blocks(page).into_iter().filter(|block| block.lines().any(|line| line.contains("fun main("))).collect()
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
    use super::programs;

    #[test]
    fn programs_are_taken_word_for_word_and_parts_of_one_are_not() {
        let page = "# Title\n```kotlin\nfun main() {\n    run()\n}\n```\ntext\n```kotlin\nval part = 1\n```\n\
                    ```java\nfun main()\n```\n```kotlin\nsuspend fun main() {}\n```\n";
        assert_eq!(programs(page), ["fun main() {\n    run()\n}\n", "suspend fun main() {}\n"]);
    }
}
