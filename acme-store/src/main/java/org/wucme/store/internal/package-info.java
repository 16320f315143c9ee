/** What the packages of this module share; not part of the API. */
@NullMarked
package org.wucme.store.internal;

import org.jspecify.annotations.NullMarked;
