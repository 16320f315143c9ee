/** What a store of certificates is, whatever keeps it. */
@NullMarked
package org.wucme.store;

import org.jspecify.annotations.NullMarked;
