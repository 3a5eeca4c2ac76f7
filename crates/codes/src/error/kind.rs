//! The kinds of code with their names, their longest form and the place where people can look them up.
//!
//! Apart from the error itself, because a new kind of code means a line in each list here and nothing there.

use std::fmt;

/// The kind of code that was being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// 公民身份号码, GB 11643.
    CitizenNumber,
    /// 统一社会信用代码, GB 32100.
    CreditCode,
    /// 组织机构代码, GB 11714.
    OrganisationCode,
    /// 行政区划代码 of 6, 9 or 12 digits.
    RegionCode,
    /// 基本编码, 12 characters.
    BasicItemCode,
    /// 实施编码, 31 characters.
    ImplementationItemCode,
    /// 业务办理项编码, 33 characters.
    HandlingItemCode,
    /// 业务办理项短码, 12 + 2 characters.
    ShortHandlingItemCode,
    /// Any of the national item codes.
    NationalItemCode,
    /// 地方编码.
    LocalCode,
    /// 电子证照标识, GB/T 36904.
    LicenceIdentifier,
    /// 证照类型代码.
    LicenceTypeCode,
    /// 公文索引号.
    IndexNumber,
    /// Mobile or landline number.
    PhoneNumber,
    /// GB/T 39046 A.1.
    ItemType,
    /// GB/T 39046 A.2.
    ExerciseLevel,
    /// GB/T 39046 A.3.
    SubjectNature,
    /// GB/T 39046 A.4.
    ServiceObject,
    /// GB/T 39046 A.5.
    HandlingForm,
    /// GB/T 39046 A.6.
    HandlingKind,
    /// GB/T 39046 A.7.
    SpecialProcedure,
    /// GB/T 39046 A.8.
    Satisfaction,
}

impl CodeKind {
    /// The Chinese name that forms use as label.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CitizenNumber => "身份证号码",
            Self::CreditCode => "统一社会信用代码",
            Self::OrganisationCode => "组织机构代码",
            Self::RegionCode => "行政区划代码",
            Self::BasicItemCode => "事项基本编码",
            Self::ImplementationItemCode => "事项实施编码",
            Self::HandlingItemCode => "业务办理项编码",
            Self::ShortHandlingItemCode => "业务办理项短码",
            Self::NationalItemCode => "国家事项编码",
            Self::LocalCode => "地方编码",
            Self::LicenceIdentifier => "电子证照标识",
            Self::LicenceTypeCode => "证照类型代码",
            Self::IndexNumber => "索引号",
            Self::PhoneNumber => "电话号码",
            Self::ItemType => "事项类型",
            Self::ExerciseLevel => "行使层级",
            Self::SubjectNature => "实施主体性质",
            Self::ServiceObject => "服务对象",
            Self::HandlingForm => "办理形式",
            Self::HandlingKind => "办件类型",
            Self::SpecialProcedure => "特别程序",
            Self::Satisfaction => "满意度",
        }
    }

    const fn english_name(self) -> &'static str {
        match self {
            Self::CitizenNumber => "citizen number",
            Self::CreditCode => "credit code",
            Self::OrganisationCode => "organisation code",
            Self::RegionCode => "region code",
            Self::BasicItemCode => "basic item code",
            Self::ImplementationItemCode => "implementation item code",
            Self::HandlingItemCode => "handling item code",
            Self::ShortHandlingItemCode => "short handling item code",
            Self::NationalItemCode => "national item code",
            Self::LocalCode => "local code",
            Self::LicenceIdentifier => "licence identifier",
            Self::LicenceTypeCode => "licence type code",
            Self::IndexNumber => "index number",
            Self::PhoneNumber => "phone number",
            Self::ItemType => "item type",
            Self::ExerciseLevel => "exercise level",
            Self::SubjectNature => "subject nature",
            Self::ServiceObject => "service object",
            Self::HandlingForm => "handling form",
            Self::HandlingKind => "handling kind",
            Self::SpecialProcedure => "special procedure",
            Self::Satisfaction => "satisfaction",
        }
    }

    /// The most characters that a code of this kind can have; useful as `maxlength` of an input field.
    pub const fn characters_max(self) -> usize {
        match self {
            Self::CitizenNumber | Self::CreditCode => 18,
            Self::OrganisationCode => 10,
            Self::RegionCode | Self::BasicItemCode => 12,
            Self::ImplementationItemCode => 31,
            Self::HandlingItemCode | Self::NationalItemCode => 33,
            Self::ShortHandlingItemCode => 14,
            Self::LocalCode => crate::item::LOCAL_CODE_CHARACTERS_MAX,
            Self::LicenceIdentifier => crate::licence::IDENTIFIER_CHARACTERS_MAX,
            Self::LicenceTypeCode => 21,
            Self::IndexNumber => 23,
            Self::PhoneNumber => 20,
            Self::ItemType => 2,
            Self::ExerciseLevel
            | Self::SubjectNature
            | Self::ServiceObject
            | Self::HandlingForm
            | Self::HandlingKind
            | Self::SpecialProcedure
            | Self::Satisfaction => 1,
        }
    }

    /// Where the person can look the right code up: the way out of every error.
    pub(super) const fn way_out(self) -> &'static str {
        match self {
            Self::CitizenNumber => "请对照身份证，从左到右逐位核对后重新填写",
            Self::CreditCode => "请对照营业执照或法人证书上的18位代码重新填写",
            Self::OrganisationCode => "请对照组织机构代码证，或取统一社会信用代码的第9至17位",
            Self::RegionCode => "请从区划列表中选择所在的县、镇或村",
            Self::BasicItemCode
            | Self::ImplementationItemCode
            | Self::HandlingItemCode
            | Self::ShortHandlingItemCode
            | Self::NationalItemCode => {
                "请对照国家政务服务事项目录中的编码；本地自编的编码请填在“地方编码”一栏"
            }
            Self::LocalCode => "请核对本地事项目录中的编码",
            Self::LicenceIdentifier | Self::LicenceTypeCode => {
                "请扫描证照上的二维码，或对照证照上的标识重新填写"
            }
            Self::IndexNumber => "请对照公文首页的索引号，写法如“719776475/2016-0180”",
            Self::PhoneNumber => "请填11位手机号，或带区号的座机号，如“0915-4421234”",
            _ => "请从列表中选择",
        }
    }
}

impl fmt::Display for CodeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.english_name())
    }
}
