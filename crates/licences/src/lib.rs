//! Electronic licences: identifiers, store, certificates, seals, public verification.
