/** Octets, in the forms in which the protocol carries them. */
@NullMarked
package org.wucme.acme.internal.octets;

import org.jspecify.annotations.NullMarked;
