//! Test results as JUnit XML, which every build server reads. Times are left out: a virtual clock takes none.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::chat::Lang;

use super::effects::plain;
use super::stories::Tests;

/// One suite a playbook, one case a test.
///
/// # Errors
/// What the XML writer says.
pub fn junit(tests: &Tests, lang: Lang) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new("qunying");
    let mut outcomes = tests.outcomes.iter().peekable();
    while let Some(first) = outcomes.peek() {
        let book = &first.book;
        let mut suite = TestSuite::new(plain(book));
        while let Some(outcome) = outcomes.next_if(|it| it.book == *book) {
            let status = if outcome.passed() {
                TestCaseStatus::success()
            } else {
                let mut failed = TestCaseStatus::non_success(NonSuccessKind::Failure);
                failed.set_message(lang.pick("实际发生的与期望不符", "what happened is not what was expected"));
                failed.set_description(tests.failure(outcome, lang));
                failed
            };
            let mut case = TestCase::new(plain(&outcome.name), status);
            case.set_classname(plain(book));
            case.extra.insert("file".into(), format!("{}.toml", plain(book)).into());
            case.extra.insert("line".into(), outcome.line.to_string().into());
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    report.to_string()
}
