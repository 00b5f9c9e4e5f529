"""The shapes of FHIR that readers and reporters share: code systems, routes, the names of elements and resources."""
