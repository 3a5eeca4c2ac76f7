//! People, posts, organisations, regions, sessions and the Cedar policies that decide every action.
