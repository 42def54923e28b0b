//! The privacy map: what each stored column is for, how long it stays, and what export and erasure do with it.
//! Holds always: every column of both stores stands here once; a test compares the map with the live databases.
