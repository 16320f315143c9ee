/** Keeps the certificates of a store fresh: decides, obtains, stores. */
@NullMarked
package org.wucme.manage;

import org.jspecify.annotations.NullMarked;
