"""The names of FHIR's elements and resources, of R4 and R5 together: what has no name here is a slip of the pen."""

from __future__ import annotations

from typing import Final

_ANY: Final = frozenset({"id", "extension", "modifierExtension"})
_RESOURCE: Final = _ANY | {"resourceType", "meta", "implicitRules", "language", "text", "contained"}


def _names(text: str, base: frozenset[str] = _ANY) -> frozenset[str]:
    return base | frozenset(text.split())


BUNDLE: Final = _names("identifier type timestamp total link entry signature issues", _RESOURCE)
ENTRY: Final = _names("link fullUrl resource search request response")
QUANTITY: Final = _names("value comparator unit system code")
RATIO: Final = _names("numerator denominator")
RANGE: Final = _names("low high")
DOSE_AND_RATE: Final = _names("type doseRange doseQuantity rateRatio rateRange rateQuantity")
TIMING: Final = _names("event repeat code")
REPEAT: Final = _names(
    "boundsDuration boundsRange boundsPeriod count countMax duration durationMax durationUnit frequency frequencyMax "
    "period periodMax periodUnit dayOfWeek timeOfDay when offset"
)
DOSAGE: Final = _names(
    "sequence text additionalInstruction patientInstruction timing asNeededBoolean asNeededCodeableConcept asNeeded "
    "asNeededFor site route method doseAndRate maxDosePerPeriod maxDosePerAdministration maxDosePerLifetime"
)
ADMINISTERED: Final = _names("text site route method dose rateRatio rateQuantity")
"""The one dosage of a MedicationAdministration."""

MEDICATION_REQUEST: Final = _names(
    "identifier status statusReason statusChanged intent category priority doNotPerform reportedBoolean "
    "reportedReference reported medicationCodeableConcept medicationReference medication subject informationSource "
    "encounter supportingInformation authoredOn requester performer performerType recorder device reasonCode "
    "reasonReference reason instantiatesCanonical instantiatesUri basedOn groupIdentifier courseOfTherapyType "
    "insurance note effectiveDosePeriod renderedDosageInstruction dosageInstruction dispenseRequest substitution "
    "priorPrescription detectedIssue eventHistory priorRequest",
    _RESOURCE,
)
MEDICATION_ADMINISTRATION: Final = _names(
    "identifier instantiates basedOn partOf status statusReason category medicationCodeableConcept medicationReference "
    "medication subject context encounter supportingInformation effectiveDateTime effectivePeriod occurenceDateTime "
    "occurencePeriod occurenceTiming occurrenceDateTime occurrencePeriod occurrenceTiming recorded isSubPotent "
    "subPotentReason performer reasonCode reasonReference reason request device note dosage eventHistory",
    _RESOURCE,
)

DOSED: Final = {
    "MedicationRequest": "dosageInstruction",
    "MedicationAdministration": "dosage",
    "MedicationDispense": "dosageInstruction",
    "MedicationStatement": "dosage",
    "MedicationUsage": "dosage",
}
"""The resources that hold a dose, and the element that it stands in."""

GROUPS: Final = frozenset({"RequestGroup", "RequestOrchestration", "PlanDefinition"})
"""The resources that hold orders together."""

_OTHERS: Final = """
Account ActivityDefinition ActorDefinition AdministrableProductDefinition AdverseEvent AllergyIntolerance Appointment
AppointmentResponse ArtifactAssessment AuditEvent Basic Binary BiologicallyDerivedProduct
BiologicallyDerivedProductDispense BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem
ChargeItemDefinition Citation Claim ClaimResponse ClinicalImpression ClinicalUseDefinition CodeSystem Communication
CommunicationRequest CompartmentDefinition Composition ConceptMap Condition ConditionDefinition Consent Contract
Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceAssociation DeviceDefinition
DeviceDispense DeviceMetric DeviceRequest DeviceUsage DeviceUseStatement DiagnosticReport DocumentManifest
DocumentReference EffectEvidenceSynthesis Encounter EncounterHistory Endpoint EnrollmentRequest EnrollmentResponse
EpisodeOfCare EventDefinition Evidence EvidenceReport EvidenceVariable ExampleScenario ExplanationOfBenefit
FamilyMemberHistory Flag FormularyItem GenomicStudy Goal GraphDefinition Group GuidanceResponse HealthcareService
ImagingSelection ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide
Ingredient InsurancePlan InventoryItem InventoryReport Invoice Library Linkage List Location ManufacturedItemDefinition
Measure MeasureReport Media Medication MedicationKnowledge MedicinalProduct MedicinalProductAuthorization
MedicinalProductContraindication MedicinalProductDefinition MedicinalProductIndication MedicinalProductIngredient
MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical
MedicinalProductUndesirableEffect MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionIntake
NutritionOrder NutritionProduct Observation ObservationDefinition OperationDefinition OperationOutcome Organization
OrganizationAffiliation PackagedProductDefinition Parameters Patient PaymentNotice PaymentReconciliation Permission
Person Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RegulatedAuthorization
RelatedPerson RequestGroup RequestOrchestration Requirements ResearchDefinition ResearchElementDefinition
ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot
Specimen SpecimenDefinition StructureDefinition StructureMap Subscription SubscriptionStatus SubscriptionTopic Substance
SubstanceDefinition SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation
SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task TerminologyCapabilities TestPlan
TestReport TestScript Transport ValueSet VerificationResult VisionPrescription PlanDefinition
"""

RESOURCES: Final = frozenset((*DOSED, *_OTHERS.split()))
"""Every type of resource."""
