"""The only public process: it answers emergencies by itself and everything else with Rasa's help."""
