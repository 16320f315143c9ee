/** Certificate authorities to test against, for the tests of every module. */
@NullMarked
package org.wucme.testing;

import org.jspecify.annotations.NullMarked;
