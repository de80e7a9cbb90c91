//! Owns the clock: the one place where the page asks what time it is.

pub use gloo_timers::callback::Interval;
use gloo_timers::callback::Timeout;

/// Milliseconds since 1970.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // positive and far below 2^53
pub fn now_millis() -> u64 {
    js_sys::Date::now() as u64
}

/// Calls back at the given time, unless the timer is dropped before.
pub fn at(millis: u64, call_back: impl FnOnce() + 'static) -> Timeout {
    let wait = u32::try_from(millis.saturating_sub(now_millis())).unwrap_or(u32::MAX);
    // Browsers take a wait beyond 2^31 as none.
    Timeout::new(wait.min(0x7fff_ffff), call_back)
}

/// Calls back again and again until what is returned is dropped.
pub fn every(millis: u32, call_back: impl FnMut() + 'static) -> Interval {
    Interval::new(millis, call_back)
}

/// Date and time for people, in the browser's own time zone: `2026-11-23 14:05`.
pub fn local_date_time(millis: u64) -> String {
    let date = js_sys::Date::new(&(millis as f64).into());
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// The day for people, in the browser's own time zone: `2026-11-23`.
pub fn local_date(millis: u64) -> String {
    local_date_time(millis).chars().take(10).collect()
}

/// As [`local_date_time`], with seconds.
pub fn local_date_time_seconds(millis: u64) -> String {
    format!("{}:{:02}", local_date_time(millis), millis / 1_000 % 60)
}

/// A fresh random seed, for where the person names none.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // below 10^6
pub fn random_seed() -> u64 {
    (js_sys::Math::random() * 1_000_000.0) as u64
}

/// Waits so long.
pub async fn sleep(millis: u32) {
    gloo_timers::future::TimeoutFuture::new(millis).await;
}

/// What `work` comes to, unless `end` comes first; then `work` is dropped.
pub async fn first_of<T>(
    work: impl std::future::Future<Output = T>,
    end: impl std::future::Future<Output = ()>,
) -> Option<T> {
    let (work, end) = (std::pin::pin!(work), std::pin::pin!(end));
    match futures_util::future::select(work, end).await {
        futures_util::future::Either::Left((done, _)) => Some(done),
        futures_util::future::Either::Right(_) => None,
    }
}

/// Lets a few pieces of work through at once, and makes those beyond wait for a turn of their own: so that many calls sent
/// together do not hold up a frame, and single ones are not held up.
#[derive(Debug, Default)]
pub struct Sluice {
    /// When the last one passed, in milliseconds since 1970.
    last: std::cell::Cell<f64>,
    /// How many passed since the last gap.
    n_together: std::cell::Cell<u32>,
}

/// More than this together would hold up a frame: sending one call takes about a millisecond.
const N_TOGETHER: u32 = 12;
/// Work after such a gap is not of the same rush.
const GAP_MILLIS: f64 = 4.0;

impl Sluice {
    /// Returns at once for the first of a rush, and in a turn of its own for the others.
    pub async fn pass(&self) {
        let now = js_sys::Date::now();
        if !(0.0..GAP_MILLIS).contains(&(now - self.last.replace(now))) {
            self.n_together.set(0);
        }
        self.n_together.set(self.n_together.get() + 1);
        if N_TOGETHER < self.n_together.get() {
            next_turn().await;
        }
    }
}

/// Work in many small pieces that gives the page a turn whenever it has gone on for a while.
#[derive(Debug, Default)]
pub struct Turns {
    /// When the last turn ended, in milliseconds since 1970.
    last: std::cell::Cell<f64>,
}

/// So long work goes on before the page has its turn: short of a frame.
const AT_WORK_MILLIS: f64 = 12.0;

impl Turns {
    /// To be called between pieces: returns at once, or after a turn when it is time for one.
    pub async fn rest(&self) {
        if !(0.0..AT_WORK_MILLIS).contains(&(js_sys::Date::now() - self.last.get())) {
            next_turn().await;
            self.last.set(js_sys::Date::now());
        }
    }
}

/// Waits until the browser has had a turn to draw.
pub async fn next_turn() {
    gloo_timers::future::TimeoutFuture::new(0).await;
}
