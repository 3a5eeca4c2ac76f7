//! Numbers by month as bars that are drawn on the server. The picture says in words what stands out; the numbers stand in
//! a table beside it.

use crate::figures::Series;

/// The height of a small picture in a list, and of the large one, in pixels.
const SMALL: (i64, i64) = (4, 28);
const LARGE: (i64, i64) = (20, 140);

/// A bar.
pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) height: i64,
    pub(super) is_peak: bool,
    /// 2026年11月：12件.
    pub(super) words: String,
}

/// A picture of months.
pub(super) struct Chart {
    pub(super) width: i64,
    pub(super) height: i64,
    /// How wide a bar is.
    pub(super) bar: i64,
    pub(super) bars: Vec<Bar>,
    /// From which month to which.
    pub(super) from_words: String,
    /// What the picture shows, for those who do not see it.
    pub(super) words: String,
}

impl Chart {
    /// For a list.
    pub(super) fn small(series: &Series) -> Self {
        Self::of(series, SMALL)
    }

    /// For a page of its own.
    pub(super) fn large(series: &Series) -> Self {
        Self::of(series, LARGE)
    }

    fn of(series: &Series, (step, height): (i64, i64)) -> Self {
        let most = series.numbers.iter().copied().max().unwrap_or_default();
        let peaks = series.peaks();
        let months = series.period.months().zip(series.numbers.iter().copied());
        let bars: Vec<Bar> = (0i64..)
            .zip(months)
            .map(|(place, (month, number))| {
                // A month with anything in it is seen, however little it is beside the others.
                let tall = if number == 0 || most == 0 {
                    0
                } else {
                    (number * height / most).max(1)
                };
                Bar {
                    x: place * step,
                    y: height - tall,
                    height: tall,
                    is_peak: peaks.iter().any(|(peak, _)| *peak == month),
                    words: format!("{}：{number}件", month.words()),
                }
            })
            .collect();
        Self {
            width: i64::try_from(bars.len()).unwrap_or_default() * step,
            height,
            bar: step - step / 4,
            bars,
            from_words: series.period.words(),
            words: words(series),
        }
    }
}

/// What stands out: how many there are, and the month with most of them.
pub(super) fn words(series: &Series) -> String {
    let all: i64 = series.numbers.iter().sum();
    let months = series.period.months().zip(series.numbers.iter().copied());
    let most = months.filter(|(_, number)| *number > 0);
    // Of equal months the earliest is named.
    let most = most.reduce(|one, next| if next.1 > one.1 { next } else { one });
    match most {
        Some((month, number)) => {
            format!("共{all}件，最多的是{}，{number}件", month.words())
        }
        None => "没有申请".to_owned(),
    }
}

/// The months with peaks, in words; empty without any.
pub(super) fn peak_words(series: &Series) -> String {
    let peaks: Vec<String> = series
        .peaks()
        .into_iter()
        .map(|(month, number)| format!("{}（{number}件）", month.words()))
        .collect();
    peaks.join("、")
}
