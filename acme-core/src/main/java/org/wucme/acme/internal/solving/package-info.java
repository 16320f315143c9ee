/** Which solver validates which identifier, as far as that is known before an order. */
@NullMarked
package org.wucme.acme.internal.solving;

import org.jspecify.annotations.NullMarked;
