//! The pages of a PDF as pictures, so that staff read a material without leaving the case. The renderer is pure Rust
//! and runs aside from the requests: a file that takes long or breaks it costs its own preview and nothing else.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use hayro::{
    RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf, render,
    vello_cpu::color::palette::css::WHITE,
};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// How many pages of one file are shown.
pub const PAGES_MAX: usize = 30;
/// The width of a picture, in pixels.
const WIDTH: f32 = 1_100.0;
/// The greatest height of a picture, in pixels: long scrolls are shown narrower.
const HEIGHT_MAX: f32 = 4_000.0;
/// How many files are drawn at once; the others wait.
const AT_ONCE: usize = 2;
/// How long somebody waits for a page, and how long for a free place.
const SECONDS_MAX: u64 = 20;

static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PreviewError {
    /// The file does not read as a PDF, or is protected by a password.
    #[error("the file does not read as a PDF")]
    Unreadable,
    /// The file has no such page.
    #[error("the file has no such page")]
    NoPage,
    /// It takes too long, or the machine is busy with other files.
    #[error("the preview takes too long")]
    Slow,
}

/// The sizes of the pictures of a PDF's pages in pixels (width, height), at most [`PAGES_MAX`]: a page that reserves the room
/// of its pictures does not jump when they come.
///
/// # Errors
/// When it does not read.
pub async fn page_sizes(bytes: Vec<u8>) -> Result<Vec<(u32, u32)>, PreviewError> {
    aside(move || {
        let pdf = Pdf::new(bytes).map_err(|_| PreviewError::Unreadable)?;
        let sizes: Vec<(u32, u32)> = pdf
            .pages()
            .iter()
            .take(PAGES_MAX)
            .map(|page| picture_size(page.render_dimensions()))
            .collect();
        if sizes.is_empty() {
            return Err(PreviewError::Unreadable);
        }
        Ok(sizes)
    })
    .await
}

/// The size of a page's picture; that of an upright sheet of A4 for a page whose size does not read.
fn picture_size((width, height): (f32, f32)) -> (u32, u32) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "both lie between 1 and the greatest height"
    )]
    let whole = |length: f32| length.round().clamp(1.0, HEIGHT_MAX) as u32;
    match scale_of((width, height)) {
        Some(scale) => (whole(width * scale), whole(height * scale)),
        None => (1_100, 1_556),
    }
}

/// By how much a page is enlarged; `None` when its size does not read.
fn scale_of((width, height): (f32, f32)) -> Option<f32> {
    let reads = width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0;
    reads.then(|| (WIDTH / width).min(HEIGHT_MAX / height))
}

/// A page (counted from 0) as PNG.
///
/// # Errors
/// When it cannot be drawn.
pub async fn page(bytes: Vec<u8>, number: usize) -> Result<Vec<u8>, PreviewError> {
    aside(move || draw(bytes, number)).await
}

/// Does something outside of the requests' threads. What breaks there breaks alone.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PreviewError> + Send + 'static,
) -> Result<T, PreviewError> {
    let patience = Duration::from_secs(SECONDS_MAX);
    let place = timeout(patience, Arc::clone(&PLACES).acquire_owned())
        .await
        .map_err(|_| PreviewError::Slow)?
        .map_err(|_| PreviewError::Slow)?;
    let task = spawn_blocking(move || {
        // The place is given back when the work ends, also when nobody waits for it any more.
        let _place = place;
        work()
    });
    match timeout(patience, task).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err(PreviewError::Unreadable),
        Err(_) => Err(PreviewError::Slow),
    }
}

fn draw(bytes: Vec<u8>, number: usize) -> Result<Vec<u8>, PreviewError> {
    let pdf = Pdf::new(bytes).map_err(|_| PreviewError::Unreadable)?;
    let page = pdf
        .pages()
        .get(number)
        .filter(|_| number < PAGES_MAX)
        .ok_or(PreviewError::NoPage)?;
    let scale = scale_of(page.render_dimensions()).ok_or(PreviewError::Unreadable)?;
    let settings = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
        ..RenderSettings::default()
    };
    let picture = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &settings,
    );
    picture.into_png().map_err(|_| PreviewError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One empty page of 200 by 100 points; the renderer rebuilds the missing table of places.
    const SMALL: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj
trailer<</Root 1 0 R/Size 4>>
%%EOF";

    #[tokio::test]
    async fn a_page_becomes_a_picture_of_the_usual_width() {
        assert_eq!(page_sizes(SMALL.to_vec()).await, Ok(vec![(1_100, 550)]));
        let png = page(SMALL.to_vec(), 0).await.unwrap();
        let picture = image::load_from_memory(&png).unwrap();
        assert_eq!((picture.width(), picture.height()), (1_100, 550));
        assert_eq!(page(SMALL.to_vec(), 1).await, Err(PreviewError::NoPage));
    }

    #[tokio::test]
    async fn what_is_no_pdf_has_no_picture() {
        for bytes in [b"".to_vec(), b"%PDF-1.7".to_vec(), vec![0xff; 4_096]] {
            assert_eq!(
                page_sizes(bytes.clone()).await,
                Err(PreviewError::Unreadable)
            );
            assert_eq!(page(bytes, 0).await, Err(PreviewError::Unreadable));
        }
    }
}
