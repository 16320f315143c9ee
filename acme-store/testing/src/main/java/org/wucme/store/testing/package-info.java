/** The contract of stores as tests, and stores for the tests of others. */
@NullMarked
package org.wucme.store.testing;

import org.jspecify.annotations.NullMarked;
