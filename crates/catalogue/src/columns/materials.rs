//! Sheet 材料.

use super::Column;
use crate::model::{ItemMaterial, MaterialForm, Necessity, SourceChannel};

/// The columns of a material.
pub(super) fn material_columns() -> Vec<Column<ItemMaterial>> {
    columns! { ItemMaterial {
        code(id) "材料标识", "id", 10.0, "小写字母和数字，例如 m1；留空自动编";
        text(name) "材料名称", "name", 40.0, "必填";
        one(source_channel as SourceChannel) "来源渠道", "source_channel", 14.0, "申请人自备、政府部门核发、中介或其他机构、其他";
        one(necessity as Necessity) "必要性", "necessity", 10.0, "必要、非必要、容缺后补";
        one(form as MaterialForm) "形式", "form", 12.0, "纸质、电子、纸质或电子";
        number(copies) "份数", "copies", 6.0, "1 到 50";
        yes_no(tolerable) "可容缺", "tolerable", 8.0, "是、否";
        yes_no(by_commitment) "可承诺代替", "by_commitment", 10.0, "是、否";
        text_or_none(by_data_sharing) "免提交证照", "by_data_sharing", 16.0, "能从电子证照库取得的填证照类型";
        text(note) "说明", "note", 24.0, "可留空";
        text(basis) "依据", "basis", 24.0, "可留空";
        text(sample) "样表", "sample", 24.0, "可留空";
    } }
}
