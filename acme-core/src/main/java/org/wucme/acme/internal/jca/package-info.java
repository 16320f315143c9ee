/** The platform's own cryptography and TLS, whatever other security providers are registered in this JVM. */
@NullMarked
package org.wucme.acme.internal.jca;

import org.jspecify.annotations.NullMarked;
