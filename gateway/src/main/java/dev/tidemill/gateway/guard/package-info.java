/// Guardrails on OpenAI's requests and answers: how much may be asked, and what must not pass in
/// their texts. What is looked for is module `guardrails`'; here is where texts stand in bodies and
/// streams, and what becomes of a request. Bytes that are not part of a finding pass as they came.
@NullMarked
package dev.tidemill.gateway.guard;

import org.jspecify.annotations.NullMarked;
