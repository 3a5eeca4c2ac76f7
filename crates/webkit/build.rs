//! Creates an empty `web/dist` when the web assets are not built yet, so that the crate compiles; the program says at
//! its start what to run.

fn main() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    if let Err(error) = std::fs::create_dir_all(&dist) {
        println!("cargo::error=web/dist could not be created: {error}");
    }
    if !dist.join("manifest.json").exists() {
        println!(
            "cargo::warning=web/dist is empty: run `npm ci && node build.mjs` in web/ before the pages are looked at"
        );
    }
    println!("cargo::rerun-if-changed=../../web/dist/manifest.json");
}
