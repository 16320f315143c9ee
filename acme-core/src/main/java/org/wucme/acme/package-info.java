/** The nouns and verbs of ACME (RFC 8555). */
@NullMarked
package org.wucme.acme;

import org.jspecify.annotations.NullMarked;
