//! 时限压缩 for programs: how far the promised limits are below those of the law (acceptance row 1.5).

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    lists::ListFigures,
    read::{ItemSummary, summary},
};
use crate::{lists::compression, rooms::Rooms};

/// One department.
#[derive(Debug, Serialize, ToSchema)]
struct DepartmentCompressionBody {
    /// Its name.
    #[schema(example = "人力资源和社会保障局")]
    name: String,
    /// How many items it has in force.
    #[schema(example = 12)]
    items: usize,
    /// By how many tenths of a per cent its promised limits are shorter on average; absent where nothing can be shortened.
    #[schema(example = 783)]
    compression_tenths: Option<u32>,
}

/// The report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CompressionReport {
    /// Over all items.
    figures: ListFigures,
    /// By department, by name.
    departments: Vec<DepartmentCompressionBody>,
    /// The items, the least compressed first, those whose limit in law is on the spot at the end.
    items: Vec<ItemSummary>,
}

/// 时限压缩: how far the promised limits are below those of the law, over all, by department and by item. It is drawn from
/// the versions in force, of which there are a few hundred, and comes as one page.
#[utoipa::path(get, path = "/api/v1/catalogue/compression", tag = "items",
    responses((status = 200, body = CompressionReport), (status = 401), (status = 403)))]
pub(super) async fn catalogue_compression(State(rooms): State<Rooms>) -> Json<CompressionReport> {
    let report = compression(&rooms.catalogue.all());
    let departments = report
        .departments
        .into_iter()
        .map(|department| DepartmentCompressionBody {
            name: department.name,
            items: department.items,
            compression_tenths: department.tenths,
        });
    Json(CompressionReport {
        departments: departments.collect(),
        items: report
            .items
            .iter()
            .map(|(version, _)| summary(version))
            .collect(),
        figures: report.figures.into(),
    })
}
