//! The memory that argon2id works in, kept for the next hash.
//! Holds always: a workspace is wiped before another hash can get it, and no more are kept than hashes ran at a time.
//!
//! A workspace takes 19 MiB. Given back to the allocator it stays with whichever thread's heap it came from, up to three times
//! over: after some sign-ins that was 170 MiB.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Block, Params};

/// The workspaces that no hash is using.
#[derive(Clone, Default)]
pub(super) struct Workspaces(Arc<Mutex<Vec<Vec<Block>>>>);

impl Workspaces {
    /// Lends a workspace of the size that `params` asks for.
    pub(super) fn with<T>(&self, params: &Params, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut blocks = kept.filter(|blocks| blocks.len() == params.block_count()).unwrap_or_default();
        blocks.resize(params.block_count(), Block::new());
        let result = work(&mut blocks);
        blocks.fill(Block::new());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
        result
    }
}

impl std::fmt::Debug for Workspaces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Workspaces")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_is_lent_again_and_wiped() {
        let workspaces = Workspaces::default();
        let (small, large) = (Params::new(64, 1, 1, None).unwrap(), Params::new(128, 1, 1, None).unwrap());
        let first = workspaces.with(&small, |blocks| {
            blocks.fill(Block::new());
            if let Some(block) = blocks.first_mut() {
                block.as_mut().fill(7);
            }
            blocks.as_ptr()
        });
        let wiped = |blocks: &[Block]| blocks.iter().all(|block| block.as_ref().iter().all(|word| *word == 0));
        workspaces.with(&small, |blocks| {
            assert_eq!(blocks.as_ptr(), first);
            assert!(wiped(blocks));
        });
        workspaces.with(&large, |blocks| assert_eq!((blocks.len(), wiped(blocks)), (128, true)));
        assert_eq!(workspaces.0.lock().unwrap().len(), 1);
    }
}
