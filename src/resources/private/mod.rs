//! What a person keeps for themselves: one file a resource. A new file in this folder is found by itself.
//! Holds always: these files contain no SQL and no sealing; whatever is stored goes through the records engine.

automod::dir!(pub "src/resources/private");
