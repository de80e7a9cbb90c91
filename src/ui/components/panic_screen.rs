//! Owns what a person sees should the program itself fail: nothing is lost, and a way on.

use crate::browser::page;

/// Shows the screen whenever the program panics.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        page::log_error(&info.to_string());
        page::drop_leave_warnings();
        let Some(root) = page::root() else { return };
        root.set_inner_text(&format!(
            "Something went wrong in this page. Every answer received so far is saved in this browser. \
             Load the page again to go on where you were.\n\n{info}"
        ));
        let _ = root.set_attribute("role", "alert");
        let _ = root.set_attribute("class", "notice notice--bad");
    }));
}
