//! Mounts the page. Natively there is no page, and this does nothing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    viva::ui::mount();
}
