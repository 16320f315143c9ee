/** Keys, certificate signing requests, chains and their PEM form. */
@NullMarked
package org.wucme.acme.pki;

import org.jspecify.annotations.NullMarked;
