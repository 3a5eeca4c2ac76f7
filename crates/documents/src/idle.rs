//! One thread of the lowest priority, for papers that nobody waits for: the machine's scheduler gives it what is left over,
//! which no pause of our own could do as well. Its work spreads to no other thread, although typst would like to.

use std::sync::LazyLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

static THREAD: LazyLock<ThreadPool> = LazyLock::new(|| {
    ThreadPoolBuilder::new()
        .num_threads(1)
        .thread_name(|_| "papers".to_owned())
        .start_handler(|_| step_back())
        .build()
        .expect("the machine gives one thread more")
});

/// Does a piece of work when the processor has nothing better to do, after those that were given before.
pub fn when_idle(work: impl FnOnce() + Send + 'static) {
    THREAD.spawn(work);
}

/// Lets this thread run only where nothing else wants to. Where that cannot be had it works like any other.
#[cfg(target_os = "linux")]
fn step_back() {
    use thread_priority::{
        NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy,
        set_thread_priority_and_policy, thread_native_id,
    };
    // To step back needs no right.
    let _same = set_thread_priority_and_policy(
        thread_native_id(),
        ThreadPriority::Min,
        ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle),
    );
}

#[cfg(not(target_os = "linux"))]
const fn step_back() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::mpsc::channel;

    use thread_priority::{NormalThreadSchedulePolicy, ThreadSchedulePolicy};

    use super::*;

    #[test]
    fn the_thread_stands_behind_all_others() {
        let (tell, told) = channel();
        when_idle(move || {
            tell.send(thread_priority::thread_schedule_policy().unwrap())
                .unwrap();
        });
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        assert_eq!(told.recv().unwrap(), idle);
    }
}
