package model

// A file falls into parts: each of its deployments, and what they share. Most of what there is to say of a deployment
// depends on itself and on what is shared, so that it stays true while another one is edited.

// Part is the file for looking at one deployment: Deployments and References are its own, while [File.Field],
// [File.FileAction] and the like still answer for the file. With nil it is what deployments share, without any of them.
func (f *File) Part(d *Deployment) *File {
	view := *f
	view.partOf, view.shared = f.whole(), d == nil
	view.Deployments, view.References = nil, f.references
	if d != nil {
		view.Deployments, view.References = []*Deployment{d}, d.references
	}
	return &view
}

// whole is the file that f is a part of; f itself when it is not one.
func (f *File) whole() *File {
	if f.partOf != nil {
		return f.partOf
	}
	return f
}

// All are the deployments of the file, also of those parts that Deployments leaves out.
func (f *File) All() []*Deployment { return f.whole().Deployments }

// Users are the deployments that may run the steps which f shows: in the part of one deployment that one, else all of the file.
func (f *File) Users() []*Deployment {
	if f.LooksAtShared() {
		return f.All()
	}
	return f.Deployments
}

// LooksAtShared holds for a whole file and for the part that deployments share.
func (f *File) LooksAtShared() bool { return f.partOf == nil || f.shared }

// SharedAction is the file's action for a section, nil in the part of one deployment.
func (f *File) SharedAction(s Section) *Action {
	if !f.LooksAtShared() {
		return nil
	}
	return f.actions[s]
}
